"""Rules between fields. Add yours to the file of its subject."""

from compute_plane.config.rules import network, nodes, plane, services
from compute_plane.config.rules.rule import Rule

RULES: tuple[Rule, ...] = (*plane.RULES, *network.RULES, *nodes.RULES, *services.RULES)
