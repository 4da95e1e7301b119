"""What a deployment needs to be allowed: derived from the synthesized templates and the CloudFormation registry."""
