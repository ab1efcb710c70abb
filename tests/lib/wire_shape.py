# SPDX-License-Identifier: GPL-2.0-or-later
"""What an answer of XenAPI looks like on the wire, as lines that no longer depend on the machine it came from.

Nothing is forgiven on the way: the body is read byte by byte, by a grammar that knows one way to write each thing, and
every value's own way of being written stands in its line.  What is left out are the values themselves: of records (but
for EXACT), of successes that are no constant, of texts for people ({text}).  Refs of the session, the pool and the like
are named by the caller ('names': text on the wire -> placeholder)."""
import re

from model import MODEL, Type

REF = r"OpaqueRef:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# Fields whose values say how the server works, not what the machine is like.
EXACT = {"task": {"name_label", "allowed_operations", "current_operations", "status", "progress", "type", "result",
                  "error_info", "other_config", "subtask_of", "subtasks", "backtrace"},
         "VM": {"HVM_shadow_multiplier", "suspend_VDI", "snapshot_time"},
         "session": {"pool", "subject", "is_local_superuser", "auth_user_sid", "auth_user_name", "rbac_permissions",
                     "parent", "originator", "client_certificate"}}


class ShapeError(Exception):
    """Bytes that the grammar has no place for."""


class Node:
    """A value: its tag ('' for bare text), its raw text, and of arrays and structs the parts."""

    def __init__(self, tag, raw="", parts=()):
        self.tag, self.raw, self.parts = tag, raw, parts


class Reader:
    def __init__(self, text):
        self.text, self.at = text, 0

    def accept(self, literal):
        found = self.text.startswith(literal, self.at)
        self.at += len(literal) if found else 0
        return found

    def need(self, literal):
        if not self.accept(literal):
            raise ShapeError(f"no {literal!r} at byte {self.at}: {self.text[self.at:self.at + 60]!r}")

    def match(self, pattern):
        found = re.compile(pattern).match(self.text, self.at)
        if not found:
            raise ShapeError(f"nothing like {pattern} at byte {self.at}: {self.text[self.at:self.at + 60]!r}")
        self.at = found.end()
        return found.group()

    def end(self):
        if self.at != len(self.text):
            raise ShapeError(f"more behind the end: {self.text[self.at:self.at + 60]!r}")


# ---- the two ways to write a value ----

class Xml:
    """The one way XAPI writes XML-RPC: no space, no <string>, four entities (the apostrophe stands for itself)."""
    TAGS = ("boolean", "double", "dateTime.iso8601", "i4")
    TEXT = r"(?:[^<>&\"\x00-\x08\x0b\x0c\x0e-\x1f]|&amp;|&lt;|&gt;|&quot;)*"
    FORMS = {"bool": "<boolean>{}</boolean>", "float": "<double>{}</double>",
             "datetime": "<dateTime.iso8601>{}</dateTime.iso8601>"}
    VALUES = {"bool": r"[01]", "int": r"-?\d+", "float": None, "void": ""}

    @staticmethod
    def read(reader):
        reader.need("<value>")
        node = Xml.read_inside(reader)
        reader.need("</value>")
        return node

    @staticmethod
    def read_inside(reader):
        for tag in Xml.TAGS:
            if reader.accept(f"<{tag}>"):
                node = Node(tag, reader.match(Xml.TEXT))
                reader.need(f"</{tag}>")
                return node
        parts = []
        if reader.accept("<array><data>"):
            while not reader.accept("</data></array>"):
                parts.append(Xml.read(reader))
            return Node("array", parts=parts)
        if reader.accept("<struct>"):
            while not reader.accept("</struct>"):
                reader.need("<member><name>")
                name = reader.match(Xml.TEXT)
                reader.need("</name>")
                parts.append((name, Xml.read(reader)))
                reader.need("</member>")
            return Node("struct", parts=parts)
        return Node("", reader.match(Xml.TEXT))

    @staticmethod
    def scalar(node):
        return f"<value><{node.tag}>{{}}</{node.tag}></value>" if node.tag else "<value>{}</value>"

    @staticmethod
    def plain_form(kind):
        return f"<value>{Xml.FORMS.get(kind, '{}')}</value>"

    @staticmethod
    def is_float(raw):
        return raw == "%.16g" % float(raw)

    array, struct = "<value><array><data>{}</data></array></value>", "<value><struct>{}</struct></value>"
    member = "<member><name>{}</name>{}</member>"


class Json:
    """The one way XAPI writes JSON: no space, and no more escapes than must be."""
    TEXT = r'"(?:[^"\\\x00-\x1f\x7f]|\\["\\bfnrt]|\\u00[01][0-9a-f]|\\u007f)*"'
    FORMS = {"bool": "{}", "int": "{}", "float": "{}"}
    VALUES = {"bool": r"true|false", "int": r"-?\d+", "float": None, "void": ""}

    @staticmethod
    def read(reader):
        parts = []
        if reader.accept("["):
            while not reader.accept("]"):
                parts and reader.need(",")
                parts.append(Json.read(reader))
            return Node("array", parts=parts)
        if reader.accept("{"):
            while not reader.accept("}"):
                parts and reader.need(",")
                name = reader.match(Json.TEXT)[1:-1]
                reader.need(":")
                parts.append((name, Json.read(reader)))
            return Node("struct", parts=parts)
        if reader.text.startswith('"', reader.at):
            return Node("string", reader.match(Json.TEXT)[1:-1])
        return Node("", reader.match(r"true|false|null|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"))

    @staticmethod
    def scalar(node):
        return '"{}"' if node.tag else "{}"

    @staticmethod
    def plain_form(kind):
        return Json.FORMS.get(kind, '"{}"')

    @staticmethod
    def is_float(raw):
        return "." in raw or "e" in raw

    array, struct, member = "[{}]", "{{{}}}", '"{}":{}'


# ---- values as lines ----

class Shaper:
    def __init__(self, wire, names):
        self.wire, self.names = wire, names

    def name(self, text):
        for known, placeholder in self.names.items():
            text = text.replace(known, placeholder)
        return re.sub(REF, "{ref}", text)

    def is_of(self, kind, raw):
        """Is the text one that a value of the type has?"""
        if kind.kind == "float":
            return self.wire.is_float(raw)
        if kind.kind == "enum":
            return raw in MODEL.enums[kind.name]
        if kind.kind == "ref":
            return raw == "OpaqueRef:NULL" or re.fullmatch(REF, raw) is not None
        if kind.kind == "datetime":
            return re.fullmatch(r"\d{8}T\d\d:\d\d:\d\dZ", raw) is not None
        pattern = self.wire.VALUES.get(kind.kind)
        return pattern is None or re.fullmatch(pattern, raw) is not None

    def exact(self, node):
        """The value itself, with names for what is the machine's."""
        if node.tag == "array":
            return self.wire.array.format(("," if self.wire is Json else "").join(map(self.exact, node.parts)))
        if node.tag == "struct":
            members = [self.wire.member.format(self.name(name), self.exact(part)) for name, part in node.parts]
            return self.wire.struct.format(("," if self.wire is Json else "").join(members))
        return self.wire.scalar(node).format(self.name(node.raw))

    def form(self, kind, node=None):
        """How a value of the type is written: as it was, or (None, within an empty one) as it would have been."""
        if kind.kind in ("set", "map"):
            return self.container_form(kind, node)
        if kind.kind == "record":
            return "{record}"
        word = "{" + kind.kind + "}"
        if node is None:
            return self.wire.plain_form(kind.kind).format(word)
        if node.tag in ("array", "struct") or not self.is_of(kind, node.raw):
            return f"not {kind.kind}: {self.exact(node)}"
        return self.wire.scalar(node).format(word)

    def container_form(self, kind, node):
        tag = "array" if kind.kind == "set" else "struct"
        if node is not None and node.tag != tag:
            return f"no {kind.kind}: {self.exact(node)}"
        parts = node.parts if node else []
        if kind.kind == "set":
            forms = {self.form(kind.of, part) for part in parts} or {self.form(kind.of)}
            return self.wire.array.format(" | ".join(sorted(forms)) + "…")
        forms = {self.wire.member.format("{%s}" % kind.key.kind if self.is_of(kind.key, name) else name,
                                         self.form(kind.of, part)) for name, part in parts}
        forms = forms or {self.wire.member.format("{%s}" % kind.key.kind, self.form(kind.of))}
        return self.wire.struct.format(" | ".join(sorted(forms)) + "…")

    def record(self, cls, node, indent="  "):
        if node.tag != "struct":
            return [f"{indent}no record of {cls}: {self.exact(node)[:80]}"]
        lines = []
        for name, part in node.parts:
            field = MODEL.fields[cls].get(name)
            kind = field.type if field else Type("string")
            kind = kind.of if kind.kind == "option" else kind
            is_exact = name in EXACT.get(cls, ())
            lines.append(f"{indent}{name}: {self.exact(part) if is_exact else self.form(kind, part)}")
        return lines

    def records(self, kind, node):
        """Of a map of records: what all of them look like, or the ways they differ."""
        key, ways = self.form(kind.key), []
        for name, part in node.parts:
            lines = [f"  {self.name(name)}", *self.record(kind.of.name, part, "    ")]
            lines[0] = "  each:" if self.is_of(kind.key, name) else lines[0]
            if lines not in ways:
                ways.append(lines)
        head = f"map of {key} and record of {kind.of.name}" + ("" if ways else ", empty")
        return [head, *(line for way in ways for line in way)]

    def value(self, kind, node):
        if kind.kind == "map" and kind.of.kind == "record" and node.tag == "struct":
            return self.records(kind, node)
        if kind.kind == "record" and kind.name in MODEL.fields:
            return [f"record of {kind.name}", *self.record(kind.name, node)]
        if kind.kind in ("void", "int") or node.tag not in ("array", "struct"):
            return [self.exact(node) if kind.kind == "void" else self.form(kind, node)]
        return [self.form(kind, node)]

    def member_order(self, what, node):
        return f"{what}: " + (" ".join(name for name, _ in node.parts) if node.tag == "struct" else "no struct")

    def events(self, node):
        """event.from's answer, which is of no type."""
        parts, lines = dict(node.parts), [self.member_order("batch", node)]
        for event in parts["events"].parts:
            members = dict(event.parts)
            lines += [self.member_order("event", event),
                      "  id: " + self.form(Type("int"), Node(members["id"].tag, members["id"].raw))]
            lines += [f"  {name}: {self.exact(members[name])}" for name in ("timestamp", "class", "operation", "ref")]
            cls = MODEL.class_by_event_name(members["class"].raw)
            lines += self.record(cls, members["snapshot"], "    ") if "snapshot" in members else []
        counts = parts["valid_ref_counts"].parts
        forms = {self.wire.scalar(part).format("{int}") for _, part in counts}
        lines.append("counts, each " + " | ".join(sorted(forms)))
        lines += wrapped("tables", sorted(name for name, _ in counts))
        token = re.sub(r"\d{20}", "{20 digits}", self.exact(parts["token"]))
        return [*lines, f"token: {token}"]

    def methods(self, node):
        """system.listMethods: the names by class, and the order of the classes."""
        forms, by_class = {self.wire.scalar(part).format("{string}") for part in node.parts}, {}
        for part in node.parts:
            cls, _, short = part.raw.partition(".")
            by_class.setdefault(cls, []).append(short)
        return [f"bare array of {' | '.join(sorted(forms))}", *wrapped("order", by_class),
                *(line for cls in sorted(by_class) for line in wrapped(f"methods {cls}", sorted(by_class[cls])))]

    def failure(self, codes, said):
        """Code and parameters.  A text with spaces that the client did not send ('said') is for people."""
        lines = []
        for node in codes:
            is_text = " " in node.raw and node.raw not in said
            lines.append("  " + (self.wire.scalar(node).format("{text}") if is_text else self.exact(node)))
        return lines

    def result(self, method, node):
        if method == "system.listMethods":
            return self.methods(node)
        if method == "event.from":
            return self.events(node)
        is_async = method.startswith("Async.")
        return self.value(Type("ref", "task") if is_async else MODEL.messages[method].result, node)


def wrapped(head, words):
    """The words behind the head, on as many lines of it as it takes."""
    lines, words = [], list(words)
    while words:
        line = head
        while words and len(line) + len(words[0]) < 118:
            line += " " + words.pop(0)
        lines.append(line)
    return lines


def unwrapped(lines):
    """One line a word again, so that two lists of words differ by words."""
    for line in lines:
        head, *words = line.split(" ")
        if head in ("tables", "methods"):
            of = words.pop(0) + "." if head == "methods" else ""
            yield from (f"{head[:-1]} {of}{word}" for word in words)
        else:
            yield line


XML_HEAD, XML_TAIL = '<?xml version="1.0"?><methodResponse><params><param>', "</param></params></methodResponse>"


def shape_xml(body, request, names):
    reader, shaper = Reader(body), Shaper(Xml, names)
    method = re.search(r"<methodName>([^<]*)<", request).group(1)
    reader.need(XML_HEAD)
    node = Xml.read(reader)
    reader.need(XML_TAIL)
    reader.end()
    head = XML_HEAD + "{value}" + XML_TAIL
    members = node.parts if node.tag == "struct" else ()
    if [name for name, _ in members] == ["Status", "Value"]:
        return [head, f"Status: {shaper.exact(members[0][1])}, Value:", *shaper.result(method, members[1][1])]
    if [name for name, _ in members] == ["Status", "ErrorDescription"]:
        return [head, f"Status: {shaper.exact(members[0][1])}, ErrorDescription:",
                *shaper.failure(members[1][1].parts, request)]
    return [head, *shaper.result(method, node)]


def shape_json(body, request, names):
    reader, shaper = Reader(body), Shaper(Json, names)
    method = re.search(r'"method": *"([^"]*)"', request).group(1)
    node = Json.read(reader)
    reader.end()
    lines = [shaper.member_order("envelope", node)]
    for name, part in node.parts:
        if name == "result" and part.raw != "null":
            lines += ["result:", *shaper.result(method, part)]
        elif name == "error" and part.tag == "struct":
            members = dict(part.parts)
            lines += [shaper.member_order("error", part), f"code: {shaper.exact(members['code'])}",
                      *shaper.failure([members["message"], *members["data"].parts], request)]
        elif name == "error" and part.tag == "array":
            lines += ["error:", *shaper.failure(part.parts, request)]
        else:
            lines.append(f"{name}: {shaper.exact(part)}")
    return lines


def shape_page(body):
    """An error page: its markup and its first heading; the texts are for people."""
    def shorten(found):
        return found.group() if re.fullmatch(r"HTTP \d+ [a-z ]+", found.group()) else "{text}"
    return [re.sub(r"(?<=>)[^<>]+(?=<)", shorten, body)]


# ---- HTTP ----

def shape_head(head, body, names):
    status, *fields = head.split("\r\n")
    lines = [status]
    for field in fields:
        name, _, value = field.partition(": ")
        if name.lower() == "content-length":
            value = "{length of the body}" if int(value) == len(body) else f"{value}, not {len(body)}"
        lines.append(f"{name}: {Shaper(Xml, names).name(value)}")
    return lines


def shape_answer(answer, request, names):
    """The lines of a whole answer (bytes) to a request (text)."""
    if not answer:
        return ["nothing: the call waits"]
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = shape_head(head.decode(), body, names) + [""]
    kind = re.search(rb"(?i)content-type: (\S+)", head)
    if not body:
        return lines
    if kind and kind.group(1) == b"text/xml":
        return lines + shape_xml(body.decode(), request, names)
    if kind and kind.group(1) == b"application/json":
        return lines + shape_json(body.decode(), request, names)
    if kind and kind.group(1) == b"text/html":
        return lines + shape_page(body.decode())
    return lines + ["{bytes}"]
