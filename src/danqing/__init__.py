"""丹青 Danqing: a generative-image studio that thinks in Chinese first."""
