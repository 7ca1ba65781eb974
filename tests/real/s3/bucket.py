"""Makes the buckets and the one user that the tests need, and says her key. Run by the store's own Python."""

import json
import sys

import boto3

KIND = {"endpoint_url": sys.argv[1], "region_name": "us-east-1"}
FIRST = {"aws_access_key_id": "first", "aws_secret_access_key": "first"}
s3, iam = boto3.client("s3", **KIND, **FIRST), boto3.client("iam", **KIND, **FIRST)

for name in ("pictures", "open", "locked"):
    s3.create_bucket(Bucket=name)
everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::open/*"}
s3.put_bucket_policy(Bucket="open", Policy=json.dumps({"Version": "2012-10-17", "Statement": [everybody]}))

objects = ["arn:aws:s3:::pictures/drumbeat/*", "arn:aws:s3:::open/drumbeat/*"]
right = {"Effect": "Allow", "Action": ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"], "Resource": objects}
iam.create_user(UserName="drumbeat")
document = json.dumps({"Version": "2012-10-17", "Statement": [right]})
iam.put_user_policy(UserName="drumbeat", PolicyName="pictures", PolicyDocument=document)
key = iam.create_access_key(UserName="drumbeat")["AccessKey"]
print(f"S3_KEY={key['AccessKeyId']}\nS3_SECRET={key['SecretAccessKey']}")  # noqa: T201  # the start script passes it on
