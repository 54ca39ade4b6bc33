"""Annual reports of China's public institutions as a knowledge graph (事业单位法人年度报告书知识图谱)."""

__version__ = "0.1.0"
