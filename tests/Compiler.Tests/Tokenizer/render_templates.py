"""Digests of chat templates rendered by Jinja2 as Hugging Face's transformers sets it up.

python3 render_templates.py FOLDER > TemplateDigests.json   (FOLDER: llama.cpp's models/templates; needs jinja2)
"""
import datetime, glob, hashlib, json, os, sys
from jinja2 import nodes
from jinja2.exceptions import TemplateError
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment


class Generation(Extension):
    """{% generation %} of transformers, which only marks its body."""
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


def refuse(message):
    raise TemplateError(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment():
    e = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
    e.filters["tojson"] = tojson
    e.globals["raise_exception"] = refuse
    e.globals["strftime_now"] = lambda f: datetime.datetime(2026, 1, 2, 3, 4, 5).strftime(f)
    return e


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    talks = json.load(open(os.path.join(here, "TemplateConversations.json"), encoding="utf-8"))
    out = []
    for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.jinja"))):
        text = open(path, encoding="utf-8").read()
        results = []
        for talk in talks:
            try:
                rendered = environment().from_string(text).render(
                    messages=talk["messages"], tools=talk.get("tools"), documents=None, add_generation_prompt=True,
                    bos_token="<s>", eos_token="</s>")
                results.append(hashlib.sha256(rendered.encode()).hexdigest()[:16])
            except Exception:
                results.append(None)
        out.append({"template": os.path.basename(path), "digest": hashlib.sha256(text.encode()).hexdigest()[:16], "rendered": results})
    print(json.dumps(out, indent=1))


main()
