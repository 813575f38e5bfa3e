"""Runs test files with the installed pytest and reports their tests. The arguments: nonce, and as JSON the files."""
import json
import os
import sys

MESSAGE_LIMIT = 4000


def main(nonce, files, write=os.write, dumps=json.dumps):
    labels = {os.path.realpath(path): label for path, label in files}

    def send(value):
        line = ("%s %s\n" % (nonce, dumps(value))).encode("utf-8", "replace")
        while line:
            line = line[write(3, line) :]

    class Reports:
        def __init__(self):
            self.collected = {}
            self.told = {}

        def label(self, path):
            return labels.get(os.path.realpath(str(path)))

        def tell(self, label, name, status, message=None, seconds=None):
            test = {"file": label, "name": name, "status": status}
            if message:
                test["message"] = message if len(message) <= MESSAGE_LIMIT else message[:MESSAGE_LIMIT] + "\n[...]"
            if seconds is not None:
                test["durationMs"] = seconds * 1000
            self.told.setdefault(label, set()).add(name)
            send({"test": test})

        def pytest_collection_modifyitems(self, items):
            for item in items:
                label = self.label(item.fspath)
                if label is not None:
                    self.collected.setdefault(label, set()).add(name_of(item.nodeid))

        def pytest_collectreport(self, report):
            label = labels.get(os.path.realpath(os.path.join("/work", report.nodeid.split("::")[0]))) if report.nodeid else None
            if label is None or report.passed:
                return
            if report.failed:
                self.tell(label, label, "failed", clean(report.longreprtext))
            else:
                self.tell(label, label, "skipped", reason(report))

        def pytest_runtest_logreport(self, report):
            label = labels.get(os.path.realpath(os.path.join("/work", report.nodeid.split("::")[0])))
            if label is None:
                return
            name = name_of(report.nodeid)
            expected = hasattr(report, "wasxfail")
            if report.skipped and not expected:
                self.tell(label, name, "skipped", reason(report))
            elif report.skipped or (report.when == "call" and report.passed):
                # An expected failure is what the test wants.
                self.tell(label, name, "passed", None, report.duration)
            elif report.failed:
                self.tell(label, name, "failed", clean(report.longreprtext), report.duration)

        def pytest_sessionfinish(self, exitstatus):
            for label in labels.values():
                told = self.told.get(label, set())
                if not self.collected.get(label, set()) <= told:
                    continue
                if not told:
                    self.tell(label, label, "failed", "No tests found in this file.")
                send({"finished": label})

    def name_of(nodeid):
        return nodeid.split("::", 1)[1].replace("::", ".") if "::" in nodeid else nodeid

    def reason(report):
        text = report.longrepr
        if isinstance(text, tuple) and len(text) == 3:
            text = text[2]
        text = str(text)
        return text[9:] if text.startswith("Skipped: ") else text

    def clean(text):
        return text.replace("/work/", "")

    import pytest

    return pytest.main(
        ["-q", "-p", "no:cacheprovider", "--color=no", "--tb=short", "--rootdir=/work", *(path for path, _ in files)],
        plugins=[Reports()],
    )


if __name__ == "__main__":
    given_nonce, given_files = sys.argv[1], json.loads(sys.argv[2])
    sys.argv[1:] = []
    sys.path[0] = os.getcwd()
    code = int(main(given_nonce, given_files))
    sys.stdout.flush()
    sys.exit(code)
