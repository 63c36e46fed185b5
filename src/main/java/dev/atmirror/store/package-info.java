/** PostgreSQL: the only place that speaks SQL to the tables. Shapes and reasons: src/RATIONALE.md#storage. */
package dev.atmirror.store;
