"""Results made safe: policies, protection of tables, and an audit of what was published."""
