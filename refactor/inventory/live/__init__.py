"""The live cluster: what its API says, cut down to what an inventory reads.

Through the official client, which alone of those looked at (lightkube, kr8s) runs exec plugins of
every version, renews OIDC tokens, joins the files of KUBECONFIG and honours `tls-server-name`. Of
it the kubeconfig and the connection pool are used; pages go from bytes to this package's own
structs, so a client's 800 models are never imported.
"""

from refactor.inventory.live.api import Api
from refactor.inventory.live.take import TakenInventory, take

__all__ = ["Api", "TakenInventory", "take"]
