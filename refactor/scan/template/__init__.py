"""The scanner of Helm templates."""
