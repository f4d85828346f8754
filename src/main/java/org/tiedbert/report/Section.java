package org.tiedbert.report;

/**
 * A part of the page.
 *
 * @param id of its heading, to be linked to
 * @param title of its heading
 * @param template its name, without ending, among the resources of this package
 * @param model what the template prints: a record whose components it names
 */
record Section(String id, String title, String template, Object model) {}
