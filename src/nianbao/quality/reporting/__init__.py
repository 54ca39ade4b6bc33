"""What people get of an audit: findings with what surrounds them, measurements and grades, waivers, gates, formats."""
