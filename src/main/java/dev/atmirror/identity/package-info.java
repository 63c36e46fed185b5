/** Pure values of the AT Protocol's identity layer: DIDs, handles, CIDs, keys, operations, documents. No I/O. */
package dev.atmirror.identity;
