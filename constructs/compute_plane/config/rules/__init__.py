"""Rules between fields. Add yours to the file of its subject."""

from compute_plane.config.rules import addons, network, nodes, plane, roles, services, visitors
from compute_plane.config.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *addons.RULES,
    *plane.RULES,
    *network.RULES,
    *nodes.RULES,
    *roles.RULES,
    *services.RULES,
    *visitors.RULES,
)
