"""From margins to citizens: places, cohorts, the mobilisable pool, personal ties."""
