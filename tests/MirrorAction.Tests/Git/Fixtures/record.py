#!/usr/bin/env python3
"""Records the golden transcripts in v2/ and v0/ from the installed git.

Only needed to add a transcript or to look at a newer git: ./record.py. The committed files are the reference; packs may come out
with other bytes where zlib differs. Transcripts that no real git writes on demand are made by hand and are not touched.
"""
import os, subprocess, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ZERO = "0" * 40
ENV = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C", "TZ": "UTC", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
for role in ("AUTHOR", "COMMITTER"):
    ENV |= {f"GIT_{role}_NAME": "Acme", f"GIT_{role}_EMAIL": "acme@example.com", f"GIT_{role}_DATE": "1700000000 +0000"}


def git(folder, *arguments, data=None, env=None, check=True):
    done = subprocess.run(["git", "-c", "gc.auto=0", *arguments], cwd=folder, input=data, env=ENV | (env or {}), capture_output=True)
    if check and done.returncode != 0:
        raise SystemExit(f"git {arguments}: {done.stderr.decode()}")
    return done.stdout


def text(folder, *arguments):
    return git(folder, *arguments).decode("latin-1").strip()


def pkt(payload):
    payload = payload.encode("latin-1") if isinstance(payload, str) else payload
    return payload if payload in (b"0000", b"0001") else b"%04x" % (len(payload) + 4) + payload


def request(*lines):
    return b"".join(pkt(line) for line in lines)


def packets(data):
    while data:
        size = int(data[:4], 16)
        if size < 4:
            yield data[:4].decode(), None
            data = data[4:]
        else:
            yield None, data[4:size]
            data = data[size:]


def escape(payload):
    return "".join({10: "\\n", 0: "\\0", 92: "\\\\"}.get(b) or (chr(b) if 32 <= b < 127 else f"\\x{b:02x}") for b in payload)


def line(payload):
    return escape(payload[:-1]) if payload.endswith(b"\n") else escape(payload) + "\\c"


def show(mark, data, pack=None):
    """The text form of one direction; side-band 1 of a fetch goes into a file of its own."""
    out, band1 = [], b""
    if b"PACK" in data and mark == ">":
        at = data.index(b"PACK")
        data, tail = data[:at], [f"{mark} pack:{pack}"]
    else:
        tail = []
    for special, payload in packets(data):
        if special:
            if band1:
                out.append(f"{mark} \\x01pack:{pack}")
                with open(os.path.join(HERE, "packs", pack), "wb") as file:
                    file.write(band1)
                band1 = b""
            out.append(f"{mark} {special}")
        elif pack and mark == "<" and payload[0] == 1:
            band1 += payload[1:]
        elif payload[0] in (1, 2, 3):
            out.append(f"{mark} \\x{payload[0]:02x}{escape(payload[1:])}")
        else:
            out.append(f"{mark} {line(payload)}")
    return out + tail


def write(name, comment, *exchanges):
    lines = [f"# {comment}"]
    for target, sent, answer, sent_pack, got_pack in exchanges:
        lines += [f"= {target}", *show(">", sent, sent_pack), *show("<", answer, got_pack)]
    with open(os.path.join(HERE, name), "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")


def upload(folder, body, pack=None, v2=True):
    answer = git(folder, "upload-pack", "--stateless-rpc", ".", data=body, env={"GIT_PROTOCOL": "version=2"} if v2 else {}, check=False)
    return "POST git-upload-pack", body, answer, None, pack


def info(folder, service):
    refs = git(folder, service[4:], "--stateless-rpc", "--http-backend-info-refs", ".")
    return f"GET info/refs?service={service}", b"", request(f"# service={service}\n", "0000") + refs, None, None


def push(folder, commands, pack):
    caps = "\0 report-status side-band-64k quiet object-format=sha1 agent=mirror-action"
    with open(os.path.join(HERE, "packs", pack), "rb") as file:
        body = request(commands[0] + caps, *commands[1:], "0000") + file.read()
    return "POST git-receive-pack", body, git(folder, "receive-pack", "--stateless-rpc", ".", data=body, check=False), pack, None


LS_REFS = request("command=ls-refs\n", "agent=mirror-action\n", "object-format=sha1\n", "0001", "symrefs\n", "ref-prefix HEAD\n",
                  "ref-prefix refs/heads/\n", "ref-prefix refs/tags/\n", "0000")


def fetch(wants, haves=(), thin=False, ofs=True):
    return request("command=fetch\n", "agent=mirror-action\n", "object-format=sha1\n", "0001", *(["thin-pack\n"] if thin else []), *(["ofs-delta\n"] if ofs else []),
                   "no-progress\n", *(f"want {w}\n" for w in wants), *(f"have {h}\n" for h in haves), "done\n", "0000")


def refs(folder):
    pairs = [row.split(" ", 1) for row in text(folder, "for-each-ref", "--format=%(objectname) %(refname)").split("\n")]
    return sorted((name, oid) for oid, name in pairs)


def distinct(values):
    return list(dict.fromkeys(values))


def commit(folder, content, parents=()):
    blob = git(folder, "hash-object", "-w", "--stdin", data=content.encode()).decode().strip()
    tree = git(folder, "mktree", data=f"100644 blob {blob}\tREADME.md\n".encode()).decode().strip()
    return text(folder, "commit-tree", tree, "-m", content.split("\n")[0], *(a for p in parents for a in ("-p", p)))


def bare(temp, name):
    folder = os.path.join(temp, name)
    git(temp, "init", "-q", "--bare", "--template=", "-b", "main", name)
    return folder


def main():
    with tempfile.TemporaryDirectory() as temp:
        source, mirror = bare(temp, "source"), bare(temp, "mirror")
        write("v2/clone-empty.pkt", "ls-refs of a repository without a commit", upload(source, LS_REFS))

        body = "".join(f"line {i}\n" for i in range(200))
        first = commit(source, "one\n" + body)
        second = commit(source, "two\n" + body, [first])
        git(source, "update-ref", "refs/heads/main", second)
        git(source, "update-ref", b"refs/heads/caf\xe9", first)
        git(source, "update-ref", "refs/tags/v1", first)
        git(source, "tag", "-a", "v2", "-m", "A release", second)
        names = refs(source)
        wants = distinct(oid for _, oid in names)
        write("v2/ls-refs.pkt", "ls-refs: HEAD, a branch whose name is Latin-1, a lightweight and an annotated tag", upload(source, LS_REFS))
        write("v2/clone.pkt", "first mirror: list, then everything", upload(source, LS_REFS), upload(source, fetch(wants), "clone.pack"))
        write("v2/err-line.pkt", "fetch of an object that the source does not have", upload(source, fetch(["1" * 40])))

        commands = [f"{ZERO} {oid} {name}" for name, oid in names]
        write("v0/push-ok.pkt", "first mirror: the destination is empty and takes everything that v2/clone.pkt fetches",
              info(mirror, "git-receive-pack"), push(mirror, commands, "clone.pack"))

        picky = bare(temp, "picky")
        os.makedirs(os.path.join(picky, "hooks"))
        hook = os.path.join(picky, "hooks", "update")
        with open(hook, "w") as file:
            file.write('#!/bin/sh\ncase "$1" in refs/heads/locked) echo "locked for the release" >&2; exit 1;; esac\n')
        os.chmod(hook, 0o755)
        write("v0/push-ng-one-of-three.pkt", "an update hook refuses one ref of three",
              info(picky, "git-receive-pack"),
              push(picky, [f"{ZERO} {second} refs/heads/{name}" for name in ("a", "locked", "z")], "clone.pack"))

        small = bare(temp, "small")
        git(small, "config", "receive.maxInputSize", "20")
        write("v0/push-unpack-failed.pkt", "the destination takes no pack of that size",
              info(small, "git-receive-pack"), push(small, [f"{ZERO} {second} refs/heads/main"], "clone.pack"))

        third = commit(source, "three\n" + body, [second])
        git(source, "update-ref", "refs/heads/main", third)
        old = refs(mirror)
        haves = distinct([second] + [oid for _, oid in old if oid in dict((o, n) for n, o in refs(source))] + [oid for _, oid in old])
        write("v2/incremental-thin.pkt", "one commit on main: the pack's delta is against an object that only the destination has",
              upload(source, LS_REFS), upload(source, fetch([third], haves, thin=True), "incremental-thin.pack"))
        write("v0/push-incremental.pkt", "what v2/incremental-thin.pkt fetches, pushed",
              info(mirror, "git-receive-pack"), push(mirror, [f"{second} {third} refs/heads/main"], "incremental-thin.pack"))

        shallow = os.path.join(temp, "shallow")
        git(temp, "clone", "-q", "--bare", "--depth=1", "file://" + source, "shallow")
        write("v2/shallow-info.pkt", "the source is a shallow clone", upload(shallow, LS_REFS), upload(shallow, fetch([third]), "shallow.pack"))

        write("v0/clone.pkt", "a source that speaks v0 only: refuses ls-refs, then discovery, then want and done",
              upload(source, LS_REFS, v2=False), info(source, "git-upload-pack"),
              upload(source, request(f"want {third} multi_ack_detailed side-band-64k thin-pack ofs-delta no-progress agent=mirror-action\n", "0000",
                                     f"have {second}\n", "done\n"), "v0-incremental.pack", v2=False))


if __name__ == "__main__":
    main()
