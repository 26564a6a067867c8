/** A website's own visitor counter: each handler of the library extended, each customisation shown once. */
package com.example.website;
