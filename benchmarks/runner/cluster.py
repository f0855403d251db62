"""Where Kafka is and how to reach it, as peakend's configuration says: for the Python client.

Pure, but for the file of a password.
"""

import yaml

# Names of the client for the fields of `kafka:`.
NAMES = {"bootstrap_servers": "bootstrap.servers", "security_protocol": "security.protocol", "ssl_ca_file": "ssl.ca.location",
         "ssl_certificate_file": "ssl.certificate.location", "ssl_key_file": "ssl.key.location",
         "sasl_mechanism": "sasl.mechanisms", "sasl_username": "sasl.username"}
PASSWORD_FILE = "sasl_password_file"


def client_of(config, settings):
    """{name: value} for a client. `config` is the text of a configuration file, or ""; `settings` are
    NAME=VALUE, and win. ValueError says what cannot be read."""
    try:
        kafka = dict((yaml.safe_load(config) or {}).get("kafka") or {})
    except (yaml.YAMLError, AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"no configuration: {error}") from None
    properties = {str(name): str(value) for name, value in (kafka.pop("properties", None) or {}).items()}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name.startswith("kafka.properties."):
            properties[name.removeprefix("kafka.properties.")] = value
        elif name.startswith("kafka."):
            kafka[name.removeprefix("kafka.")] = value
    found = {NAMES[name]: str(value) for name, value in kafka.items() if name in NAMES and value}
    if kafka.get(PASSWORD_FILE):
        found["sasl.password"] = _secret(kafka[PASSWORD_FILE])
    return found | properties


def _secret(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().rstrip("\r\n")
    except OSError as error:
        raise ValueError(f"kafka.{PASSWORD_FILE} {path}: {error.strerror}") from None
