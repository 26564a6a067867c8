/** A website's own visitor counter: it extends each handler of the library and uses each customisation once. */
package com.example.website;
