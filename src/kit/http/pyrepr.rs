//! Values as Python prints them.
