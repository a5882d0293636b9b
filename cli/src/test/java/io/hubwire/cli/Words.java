package io.hubwire.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command line cut into words at blanks; backquotes hold a word together. */
final class Words {
    private static final Pattern WORD = Pattern.compile("`([^`]*)`|(\\S+)");

    private Words() {}

    static String[] of(String commandLine) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(commandLine);
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2));
        }
        return words.toArray(String[]::new);
    }
}
