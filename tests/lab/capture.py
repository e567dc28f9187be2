#!/usr/bin/python3 -B
"""Capture images with libfprint's virtual image reader, as attend's sensor
would: identify against nobody, and keep the print that was scanned.

    capture.py IMAGE=PRINT...

Each IMAGE is what tests/lab/finger writes; PRINT is where the FP3 goes. Needs
the system's Python with GObject introspection: exit status 77 without.
"""
import os, socket, sys, tempfile

FOLDER = tempfile.TemporaryDirectory()
READER = os.environ["FP_VIRTUAL_IMAGE"] = os.path.join(FOLDER.name, "reader")

try:
    import gi
    gi.require_version("FPrint", "2.0")
    from gi.repository import FPrint, GLib
except (ImportError, ValueError) as e:
    print(e)
    sys.exit(77)


def scan(device, image):
    """The print of an image, serialised."""
    ended = []
    device.identify([], None, None, None,
                    lambda _, result: ended.append(result))
    sensor = socket.socket(socket.AF_UNIX)
    sensor.connect(READER)
    sensor.setblocking(False)
    while not ended:
        try:
            image = image[sensor.send(image):] if image else image
        except BlockingIOError:
            pass
        GLib.MainContext.default().iteration(False)
    sensor.close()
    matched, scanned = device.identify_finish(ended[0])[-2:]
    assert matched is None
    return bytes(scanned.serialize())


context = FPrint.Context()
context.enumerate()
device = context.get_devices()[0]
device.open_sync()
for pair in sys.argv[1:]:
    image, target = pair.split("=")
    with open(image, "rb") as f:
        data = scan(device, f.read())
    with open(target, "wb") as f:
        f.write(data)
device.close_sync()
