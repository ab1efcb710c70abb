# SPDX-License-Identifier: GPL-2.0-or-later
"""A XenAPI client that believes nothing: XML-RPC and JSON-RPC over HTTPS, HTTP or a Unix socket.

Arguments and results are plain Python values, the same for both encodings: refs, enums and dates are text, maps and
records dicts, sets lists, an absent option None.  Whatever an answer has that the model's types do not allow in its
encoding is a WireError."""
import http.client
import json
import socket
import ssl
import xml.etree.ElementTree
from xml.sax.saxutils import escape

from model import MODEL

NULL_REF = "OpaqueRef:NULL"
DEADLINE = 60  # seconds; sanitizers on a busy machine are slow


class Failure(Exception):
    """An error the server declared: its code and parameters."""

    def __init__(self, description):
        super().__init__(" ".join(str(part) for part in description))
        self.code, self.params = description[0], list(description[1:])


class WireError(Exception):
    """An answer that the protocol does not allow."""


class HttpError(Exception):
    """An answer other than 200."""

    def __init__(self, status, body):
        super().__init__(f"{status}: {body[:200]!r}")
        self.status, self.body = status, body


# ---- HTTP ----

class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Door:
    """Where a daemon listens, and one kept connection to it.  'address' is https://, http:// or unix:PATH."""

    def __init__(self, address, ca_file=None, timeout=DEADLINE):
        self.address, self.ca_file, self.timeout = address, ca_file, timeout
        self.connection = None

    def connect(self):
        scheme, _, rest = self.address.partition(":")
        if scheme == "unix":
            return UnixConnection(rest, self.timeout)
        host, _, port = rest.strip("/").rpartition(":")
        if scheme == "http":
            return http.client.HTTPConnection(host, int(port), timeout=self.timeout)
        context = ssl.create_default_context(cafile=self.ca_file)
        context.check_hostname = False  # the name is the machine's, the address loopback's
        return http.client.HTTPSConnection(host, int(port), timeout=self.timeout, context=context)

    def post(self, path, body, content_type, headers=None):
        """(status, body) of an answer, over the kept connection."""
        if self.connection is None:
            self.connection = self.connect()
        try:
            self.connection.request("POST", path, body, {"Content-Type": content_type, **(headers or {})})
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


# ---- XML-RPC ----

class Int(int):
    """From <i4> or <int>."""


class DateTime(str):
    """From <dateTime.iso8601>."""


def to_xml(kind, value):
    """The <value> of a canonical value of a type."""
    if kind.kind == "bool":
        return f"<value><boolean>{int(value)}</boolean></value>"
    if kind.kind == "float":
        return f"<value><double>{value!r}</double></value>"
    if kind.kind == "datetime":
        return f"<value><dateTime.iso8601>{value}</dateTime.iso8601></value>"
    if kind.kind in ("set", "option"):
        items = value if kind.kind == "set" else [] if value is None else [value]
        return f"<value><array><data>{''.join(to_xml(kind.of, item) for item in items)}</data></array></value>"
    if kind.kind in ("map", "record"):
        return "<value><struct>" + "".join(
            f"<member><name>{escape(str(key))}</name>{to_xml(member_type(kind, key), item)}</member>"
            for key, item in value.items()) + "</struct></value>"
    return f"<value><string>{escape(str(value))}</string></value>"


def from_xml(value):
    """What stands in a <value>: text, Int, bool, float, DateTime, list or dict."""
    if len(value) == 0:
        return value.text or ""
    inner = value[0]
    text = inner.text or ""
    if len(value) != 1:
        raise WireError("a value of several")
    if inner.tag == "boolean" and text in ("0", "1"):
        return text == "1"
    if inner.tag in ("i4", "int", "i8"):
        return Int(text)
    if inner.tag == "double":
        return float(text)
    if inner.tag == "dateTime.iso8601":
        return DateTime(text)
    if inner.tag == "string":
        return text
    if inner.tag == "array":
        return [from_xml(item) for item in inner.find("data")]
    if inner.tag == "struct":
        return unique((member.find("name").text or "", from_xml(member.find("value"))) for member in inner)
    raise WireError(f"<{inner.tag}> in a value")


def unique(pairs):
    found = {}
    for key, value in pairs:
        if key in found:
            raise WireError(f"the key {key!r} twice")
        found[key] = value
    return found


# ---- types ----

def member_type(kind, key):
    if kind.kind == "map":
        return kind.of
    field = MODEL.fields[kind.name].get(key)
    if field is None or not field.public:
        raise WireError(f"a record of {kind.name} with a member {key!r}")
    return field.type


def wrong(kind, value):
    return WireError(f"{value!r} ({type(value).__name__}) is no {kind.kind} {kind.name or ''}")


def check_int(kind, value, xml):
    if xml and type(value) is str and value.lstrip("-").isdigit():
        return int(value)
    if not xml and type(value) is int:
        return value
    raise wrong(kind, value)


def check_text(kind, value, xml):
    if type(value) is not str:
        raise wrong(kind, value)
    if kind.kind == "enum" and value not in MODEL.enums[kind.name]:
        raise wrong(kind, value)
    return value


def check_datetime(kind, value, xml):
    if type(value) is not (DateTime if xml else str) or len(value) != 18 or value[8] != "T" or value[17] != "Z":
        raise wrong(kind, value)
    return str(value)


def check_float(kind, value, xml):
    if type(value) is float or (not xml and (type(value) is int or value in ("inf", "-inf", "nan"))):
        return float(value)
    raise wrong(kind, value)


def check_bool(kind, value, xml):
    if type(value) is not bool:
        raise wrong(kind, value)
    return value


def check_key(kind, key):
    """Keys travel as text."""
    if kind.kind == "int":
        return int(key)
    return check_text(kind, key, True)


def check_record(kind, value, xml):
    absent = [name for name, field in MODEL.fields[kind.name].items()
              if field.public and field.type.kind != "option" and field.state != "removed" and name not in value]
    if absent:
        raise WireError(f"a record of {kind.name} without {', '.join(absent)}")
    types = {name: member_type(kind, name) for name in value}
    # An option that is there is its element, bare.
    return {name: check_value(types[name].of if types[name].kind == "option" else types[name], item, xml)
            for name, item in value.items()}


def check_container(kind, value, xml):
    wanted = list if kind.kind in ("set", "option") else dict
    if type(value) is not wanted:
        raise wrong(kind, value)
    if kind.kind == "set":
        return [check_value(kind.of, item, xml) for item in value]
    if kind.kind == "option":
        return check_value(kind.of, value[0], xml) if value else None
    if kind.kind == "map":
        return {check_key(kind.key, key): check_value(kind.of, item, xml) for key, item in value.items()}
    return check_record(kind, value, xml)


def check_void(kind, value, xml):
    if value != "":
        raise wrong(kind, value)


CHECKS = {"string": check_text, "ref": check_text, "enum": check_text, "int": check_int, "float": check_float,
          "bool": check_bool, "datetime": check_datetime, "void": check_void, "set": check_container,
          "map": check_container, "option": check_container, "record": check_container}


def check_value(kind, value, xml):
    """The canonical form of a decoded value, or WireError."""
    return CHECKS[kind.kind](kind, value, xml)


# ---- clients ----

class Xml:
    name = "xml"

    @staticmethod
    def encode(method, params):
        body = "".join(f"<param>{to_xml(kind, value)}</param>" for kind, value in params)
        return (f"<?xml version='1.0'?><methodCall><methodName>{escape(method)}</methodName>"
                f"<params>{body}</params></methodCall>").encode()

    @staticmethod
    def decode(body):
        root = xml.etree.ElementTree.fromstring(body)
        values = root.findall("./params/param/value")
        if root.tag != "methodResponse" or len(values) != 1:
            raise WireError("no methodResponse of one value")
        answer = from_xml(values[0])
        if isinstance(answer, dict) and answer.get("Status") == "Failure":
            raise Failure(answer["ErrorDescription"])
        if not isinstance(answer, dict) or set(answer) != {"Status", "Value"} or answer["Status"] != "Success":
            raise WireError(f"no envelope: {answer!r}")
        return answer["Value"]

    path, content_type = "/RPC2", "text/xml"


class Json:
    """JSON-RPC 2.0."""
    name = "json"

    @staticmethod
    def encode(method, params):
        return json.dumps({"jsonrpc": "2.0", "id": 7, "method": method,
                           "params": [Json.plain(kind, value) for kind, value in params]},
                          ensure_ascii=False).encode()

    @staticmethod
    def plain(kind, value):
        if kind.kind == "option":
            return [] if value is None else [value]
        return value

    @staticmethod
    def decode(body):
        answer = json.loads(body, object_pairs_hook=unique)
        if answer.get("jsonrpc") != "2.0" or answer.get("id") != 7:
            raise WireError(f"no envelope: {body[:200]!r}")
        if "error" in answer:
            error = answer["error"]
            if error["code"] != 1 or set(answer) != {"jsonrpc", "error", "id"}:
                raise WireError(f"no error: {error!r}")
            raise Failure([error["message"], *error["data"]])
        return answer["result"]

    path, content_type = "/jsonrpc", "application/json"


class Json1(Json):
    """JSON-RPC 1.0."""
    name = "json1"

    @staticmethod
    def encode(method, params):
        return json.dumps({"id": 7, "method": method,
                           "params": [Json.plain(kind, value) for kind, value in params]}).encode()

    @staticmethod
    def decode(body):
        answer = json.loads(body, object_pairs_hook=unique)
        if set(answer) != {"result", "error", "id"} or answer["id"] != 7:
            raise WireError(f"no envelope: {body[:200]!r}")
        if answer["error"] is not None:
            raise Failure(answer["error"])
        return answer["result"]


class Messages:
    """client.VM.start(...): the messages of a class."""

    def __init__(self, client, cls):
        self.client, self.cls = client, cls

    def __getattr__(self, short):
        return lambda *args, **headers: self.client.call(f"{self.cls}.{short}", *args, **headers)


class Client:
    def __init__(self, door, encoding=Json):
        self.door, self.encoding = door, encoding
        self.xml = encoding is Xml
        self.session = None

    def __getattr__(self, cls):
        if cls not in MODEL.classes:
            raise AttributeError(cls)
        return Messages(self, cls)

    def login(self, user="root", password="", version="1.0", originator="tests"):
        self.session = self.call("session.login_with_password", user, password, version, originator)
        return self

    def close(self):
        self.door.close()

    def ask(self, method, params, headers=None):
        """The undecided value of an answer to typed 'params', or Failure."""
        status, body = self.door.post(self.encoding.path, self.encoding.encode(method, params),
                                      self.encoding.content_type, headers)
        if status != 200:
            raise HttpError(status, body)
        return self.encoding.decode(body)

    def typed(self, message, args):
        if len(args) > len(message.params):
            raise TypeError(f"{message.name} takes {len(message.params)} arguments")
        session = [(MODEL_STRING, self.session)] if message.takes_session else []
        return session + [(param.type, value) for param, value in zip(message.params, args)]

    def call(self, name, *args, **headers):
        """The result in canonical form.  Headers as keywords: task_id=..., subtask_of=..."""
        message = MODEL.messages[name]
        value = self.ask(name, self.typed(message, args),
                         {key.replace("_", "-"): text for key, text in headers.items()})
        if "raw-result" in message.flags:
            return value
        return check_value(message.result, value, self.xml)

    def start_async(self, name, *args):
        """Calls the asynchronous form: its task."""
        return check_value(MODEL_REF, self.ask("Async." + name, self.typed(MODEL.messages[name], args)), self.xml)

    def events(self, classes, token="", timeout=30.0):
        """event.from with every snapshot checked: (events, counts, token)."""
        answer = self.call("event.from", classes, token, timeout)
        if set(answer) != {"events", "valid_ref_counts", "token"}:
            raise WireError(f"event.from answers {sorted(answer)}")
        events = [self.check_event(event) for event in answer["events"]]
        counts = answer["valid_ref_counts"]
        if any(type(count) is not (Int if self.xml else int) for count in counts.values()):
            raise WireError("counts that are no ints")
        return events, counts, answer["token"]

    def check_event(self, event):
        cls = MODEL.class_by_event_name(event["class"])
        wanted = {"id", "timestamp", "class", "operation", "ref"} | ({"snapshot"} & set(event))
        if cls is None or set(event) != wanted or event["operation"] not in ("add", "mod", "del"):
            raise WireError(f"an event of {event!r}")
        if ("snapshot" in event) != (event["operation"] != "del"):
            raise WireError(f"{event['operation']} with {sorted(event)}")
        if "snapshot" in event:
            record = type_of_record(cls)
            event = {**event, "snapshot": check_value(record, event["snapshot"], self.xml)}
        return event


def type_of_record(cls):
    return MODEL.messages[f"{cls}.get_record"].result


MODEL_STRING = MODEL.messages["session.login_with_password"].params[0].type
MODEL_REF = MODEL.messages["session.login_with_password"].result
