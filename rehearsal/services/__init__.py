"""The AWS services that the rehearsal answers itself; moto answers the others."""
