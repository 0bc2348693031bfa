"""Reads the shop's data for reports. It runs in the namespace analytics."""

DATABASES = {
    "default": {"NAME": "shop", "HOST": "10.42.3.14", "PORT": "5432"},
}
JDBC = "jdbc:postgresql://10.42.3.14:5432/shop"
EXPORT = "http://%s:%d/export" % ("10.42.1.11", 8080)
ITEMS = "http://{}:{}/items".format("10.42.1.12", 8000)
PAYMENTS = (
    "http://10.42.3.21:8080"
    "/payments?since=yesterday"
)
THUMBNAILS = "http://10.42.2.19:8080/"  # headless: the port stays the container's
RACKS = {"10.20.0.11": "a", "10.20.0.12": "a", "10.20.0.13": "b"}
