"""What the benchmark of sweeps compares with: azure-ai-ml as a user's program has it.

usage: sweeps_peer.py plan|submit FILE
`plan` reads the job file and hashes its code, which is all that the package can say before it sends.
"""

import os
import sys

from azure.ai.ml import MLClient, load_job
from azure.ai.ml._utils._asset_utils import get_ignore_file, get_object_hash
from azure.identity import ClientSecretCredential

what, file = sys.argv[1:]
job = load_job(file)
if what == "plan":
    code = os.path.join(os.path.dirname(file), job.trial.code)
    print(get_object_hash(code, get_ignore_file(code)))
else:
    credential = ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"],
        os.environ["AZURE_CLIENT_ID"],
        os.environ["AZURE_CLIENT_SECRET"],
        authority=os.environ["AZURE_AUTHORITY_HOST"],
        # Only Microsoft's own authorities are on the list that would be asked.
        disable_instance_discovery=True,
    )
    names = (os.environ[name] for name in ("SUBSCRIPTION_ID", "RESOURCE_GROUP", "WORKSPACE"))
    print(MLClient(credential, *names).jobs.create_or_update(job).name)
