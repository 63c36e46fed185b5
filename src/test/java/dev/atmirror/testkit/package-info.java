/** What the tests share: signed logs, an upstream that misbehaves on demand, a database, a mirror between the two. */
package dev.atmirror.testkit;
