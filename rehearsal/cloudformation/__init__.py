"""A CloudFormation engine that can deploy every type the CloudFormation registry describes."""
