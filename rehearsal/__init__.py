"""An AWS stand-in on one machine: the CDK command line deploys to it, and helm and kubectl really run.

CloudFormation, the Lambda runtime and EKS are ours, the other services are moto's, and nothing leaves the
loopback interface. It rehearses order, updates, replacement, rollback and deletion; it never checks IAM
permissions, quotas or timing.
"""
