"""Fingerprint readers as USB shows them, for umockdev: what a reader says of
itself before anybody opens it, written from its data sheet's numbers."""
import struct

PORT = "/devices/pci0000:00/0000:00:14.0/usb1/1-2"


def descriptors(vendor, product, endpoints):
    """A device with one configuration and one vendor-specific interface."""
    ends = b"".join(struct.pack("<BBBBHB", 7, 5, address, kind, size, 10)
                    for address, kind, size in endpoints)
    interface = struct.pack("<9B", 9, 4, 0, 0, len(endpoints), 255, 255, 255, 0)
    body = interface + ends
    config = struct.pack("<BBHBBBBB", 9, 2, 9 + len(body), 1, 1, 0, 0xa0, 50)
    device = struct.pack("<BBHBBBBHHHBBBB", 18, 1, 0x0110, 255, 255, 255, 8,
                         vendor, product, 0x0100, 0, 0, 0, 1)
    return device + config + body


def device(path, number, vendor, product, raw, more=()):
    """One device as `umockdev-run -d` reads it."""
    node = "bus/usb/001/%03d" % number
    lines = [
        "P: " + path, "N: " + node, "E: BUSNUM=001", "E: DEVNUM=%03d" % number,
        "E: DEVNAME=/dev/" + node, "E: DEVTYPE=usb_device", "E: DRIVER=usb",
        "E: MAJOR=189", "E: MINOR=%d" % (number - 1), "E: SUBSYSTEM=usb",
        "E: PRODUCT=%x/%x/100" % (vendor, product),
        "A: bConfigurationValue=1", "A: bNumConfigurations=1", "A: busnum=1",
        "A: devnum=%d" % number, "A: idVendor=%04x" % vendor,
        "A: idProduct=%04x" % product, "A: speed=12", *more,
        "H: descriptors=" + raw.hex().upper()]
    return "\n".join(lines) + "\n\n"


def describe(vendor, product):
    """A reader, and the hub it is plugged into: libfprint asks for both."""
    ends = [(0x81, 3, 64), (0x82, 2, 64)]
    return (device(PORT, 4, vendor, product,
                   descriptors(vendor, product, ends), ["A: devpath=2"]) +
            device(PORT.rpartition("/")[0], 1, 0x1d6b, 2,
                   descriptors(0x1d6b, 2, [(0x81, 3, 4)]), ["A: devpath=0"]))
