"""Rules about add-ons: which go together, which versions there are, what a gateway needs."""

from compute_plane.addons import ADDONS
from compute_plane.addons.base import MONITORS, MonitoredSettings
from compute_plane.addons.istio_gateways import IstioGatewaySettings
from compute_plane.charts import LOCK, load_charts
from compute_plane.config.environment import addon_settings
from compute_plane.config.errors import Problem, suggestion
from compute_plane.config.model import Model
from compute_plane.config.rules.rule import Problems, Rule


def _addons_do_not_exclude_each_other(addons: Model) -> Problems:
    enabled = addon_settings(addons)
    for addon in ADDONS:
        for other in addon.excludes:
            if addon.name in enabled and other in enabled and addon.name < other:
                expected = f"and {other} exclude each other: both would do the same work on the same nodes"
                yield Problem(("addons", addon.name), None, expected)


def _service_monitors_are_defined(addons: Model) -> Problems:
    enabled = addon_settings(addons)
    for name, settings in enabled.items():
        if isinstance(settings, MonitoredSettings) and settings.service_monitors and MONITORS not in enabled:
            path = ("addons", name, "service_monitors")
            yield Problem(path, True, f"needs the add-on {MONITORS}, which defines ServiceMonitor")


def _versions_are_locked(addons: Model) -> Problems:
    chosen = {name: settings.version for name, settings in addon_settings(addons).items() if settings.version}
    if not chosen:
        return  # the lock file is read for those who choose
    locked = load_charts(LOCK)
    for addon in ADDONS:
        version = chosen.get(addon.name)
        if version is None:
            continue
        path = ("addons", addon.name, "version")
        if addon.chart is None:
            yield Problem(path, version, "has no chart, so no version to choose")
        elif version not in (known := locked[addon.chart].versions):
            expected = f"expected one of {known}, the versions in {LOCK.name}{suggestion(version, known)}"
            yield Problem(path, version, expected)


def _gateways_have_one_certificate(addons: Model) -> Problems:
    for name, settings in addon_settings(addons).items():
        if not isinstance(settings, IstioGatewaySettings):
            continue
        if settings.certificate_secret and settings.certificate_arn:
            path = ("addons", name, "certificate_secret")
            expected = "and certificate_arn exclude each other: TLS ends in one place"
            yield Problem(path, settings.certificate_secret, expected)
        if settings.certificate_secret and not settings.domains:
            path = ("addons", name, "domains")
            yield Problem(path, settings.domains, "the host names that certificate_secret is for")


RULES = (
    Rule(("addons",), _addons_do_not_exclude_each_other),
    Rule(("addons",), _service_monitors_are_defined),
    Rule(("addons",), _versions_are_locked),
    Rule(("addons",), _gateways_have_one_certificate),
)
