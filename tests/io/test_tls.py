"""The TLS context is made beside the imports, and never at the cost of the process."""

import subprocess
import sys

ENDS_AT_ONCE = """
import time
from amplify_data_client._io import tls

def slowly(roots, make=tls._make):
    time.sleep(0.2)
    made = make(roots)
    print(type(made).__name__, flush=True)
    return made

tls._make = slowly
tls.prepare()
"""


def test_a_process_that_ends_at_once_waits_for_the_certificates_it_is_parsing():
    # killed within OpenSSL, one process of four died of SIGSEGV
    ended = subprocess.run([sys.executable, "-c", ENDS_AT_ONCE], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "SSLContext\n", "")
