package io.github.visitorcounter.embeddedstack.stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FilterPatternTest {

    private static final String RECORD = """
            {"eventName": "MODIFY",
             "userIdentity": {"type": "Service", "principalId": "dynamodb.amazonaws.com"},
             "dynamodb": {"SizeBytes": 26,
               "Keys": {"counterId": {"S": "site"}},
               "NewImage": {"counterId": {"S": "site"}, "live": {"N": "12"}, "lastChange": {"S": "CONNECT"},
                 "open": {"BOOL": true}, "gone": {"NULL": true}, "empty": {"S": ""}, "nothing": {"S": null},
                 "tags": {"SS": ["red", "green"]}, "none": {"L": []},
                 "list": {"L": [{"S": "a"}, {"M": {"x": {"S": "1"}, "y": {"S": "2"}}}]}}}}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // values
                "true  | {'eventName': ['MODIFY']}",
                "true  | {'eventName': ['INSERT', 'MODIFY']}",
                "false | {'eventName': ['INSERT', 'REMOVE']}",
                "false | {'eventName': ['modify']}",
                "true  | {'eventName': ['MODIFY'], 'dynamodb': {'Keys': {'counterId': {'S': ['site']}}}}",
                "false | {'eventName': ['MODIFY'], 'dynamodb': {'Keys': {'counterId': {'S': ['other']}}}}",
                "true  | {'dynamodb': {'SizeBytes': [26]}}",
                "true  | {'dynamodb': {'SizeBytes': [26.0]}}",
                "false | {'dynamodb': {'SizeBytes': ['26']}}",
                "true  | {'dynamodb': {'NewImage': {'live': {'N': ['12']}}}}",
                "false | {'dynamodb': {'NewImage': {'live': {'N': [12]}}}}",
                "true  | {'dynamodb': {'NewImage': {'open': {'BOOL': [true]}}}}",
                "true  | {'dynamodb': {'NewImage': {'empty': {'S': ['']}}}}",
                "true  | {'dynamodb': {'NewImage': {'nothing': {'S': [null]}}}}",
                "false | {'dynamodb': {'NewImage': {'absent': {'S': [null]}}}}",
                // lists
                "true  | {'dynamodb': {'NewImage': {'tags': {'SS': ['green']}}}}",
                "false | {'dynamodb': {'NewImage': {'tags': {'SS': ['blue']}}}}",
                "true  | {'dynamodb': {'NewImage': {'list': {'L': {'S': ['a']}}}}}",
                "true  | {'dynamodb': {'NewImage': {'list': {'L': {'M': {'x': {'S': ['1']}, 'y': {'S': ['2']}}}}}}}",
                // exists matches leaves only
                "true  | {'dynamodb': {'NewImage': {'lastChange': {'S': [{'exists': true}]}}}}",
                "false | {'dynamodb': {'NewImage': {'lastChange': [{'exists': true}]}}}",
                "false | {'dynamodb': {'OldImage': {'lastChange': {'S': [{'exists': true}]}}}}",
                "true  | {'dynamodb': {'OldImage': {'lastChange': {'S': [{'exists': false}]}}}}",
                "false | {'dynamodb': {'NewImage': {'lastChange': {'S': [{'exists': false}]}}}}",
                "false | {'dynamodb': {'NewImage': {'none': {'L': [{'exists': true}]}}}}",
                // keys and prefixes
                "true  | {'dynamodb': {'Keys': {'counterId': {'S': [{'prefix': 'si'}]}}}}",
                "true  | {'dynamodb': {'NewImage': {'counterId': {'S': [{'prefix': 'site'}]}}}}",
                "false | {'dynamodb': {'NewImage': {'counterId': {'S': [{'prefix': 'wake#'}]}}}}",
                "true  | {'dynamodb': {'NewImage': {'counterId': {'S': [{'anything-but': {'prefix': 'wake#'}}]}}}}",
                // text
                "true  | {'dynamodb': {'NewImage': {'lastChange': {'S': [{'prefix': 'CON'}]}}}}",
                "false | {'dynamodb': {'NewImage': {'lastChange': {'S': [{'prefix': 'DIS'}]}}}}",
                "true  | {'dynamodb': {'NewImage': {'lastChange': {'S': [{'suffix': 'NECT'}]}}}}",
                "false | {'dynamodb': {'NewImage': {'lastChange': {'S': [{'suffix': 'CON'}]}}}}",
                "true  | {'dynamodb': {'NewImage': {'lastChange': {'S': [{'equals-ignore-case': 'connect'}]}}}}",
                "false | {'dynamodb': {'NewImage': {'lastChange': {'S': [{'equals-ignore-case': 'conn'}]}}}}",
                // anything-but
                "true  | {'dynamodb': {'NewImage': {'lastChange': {'S': [{'anything-but': 'DISCONNECT'}]}}}}",
                "false | {'dynamodb': {'NewImage': {'lastChange': {'S': [{'anything-but': ['DISCONNECT', 'CONNECT']}]}}}}",
                "true  | {'dynamodb': {'NewImage': {'lastChange': {'S': [{'anything-but': {'prefix': 'DIS'}}]}}}}",
                "false | {'dynamodb': {'NewImage': {'absent': {'S': [{'anything-but': 'x'}]}}}}",
                // numeric compares numbers, and DynamoDB's are strings
                "true  | {'dynamodb': {'SizeBytes': [{'numeric': ['>', 25, '<=', 26]}]}}",
                "true  | {'dynamodb': {'SizeBytes': [{'numeric': ['=', 26]}]}}",
                "false | {'dynamodb': {'SizeBytes': [{'numeric': ['<', 26]}]}}",
                "false | {'dynamodb': {'NewImage': {'live': {'N': [{'numeric': ['>', 0]}]}}}}",
                // alternatives
                "true  | {'$or': [{'eventName': ['INSERT']}, {'dynamodb': {'SizeBytes': [26]}}]}",
                "false | {'$or': [{'eventName': ['INSERT']}, {'eventName': ['REMOVE']}]}",
                "false | {'eventName': ['INSERT'], '$or': [{'eventName': ['MODIFY']}, {'dynamodb': {'SizeBytes': [26]}}]}",
                "true  | {'userIdentity': {'type': ['Service'], 'principalId': ['dynamodb.amazonaws.com']}}",
                "true  | {'eventName': ['x', {'prefix': 'MOD'}]}",
            })
    void matches_as_lambda_does(boolean expected, String pattern) {
        assertThat(FilterPattern.compile(pattern.replace('\'', '"')).matches(RECORD))
                .as(pattern)
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'eventName': 'INSERT'}                    | $.eventName",
                "{'eventName': []}                          | $.eventName",
                "{'dynamodb': {}}                           | $.dynamodb",
                "[]                                         | $",
                "{}                                         | $",
                "{'a': {'b': [{'prefix': 1}]}}              | $.a.b[0].prefix",
                "{'a': ['x', {'wildcard': '*'}]}            | $.a[1].wildcard",
                "{'a': [{'exists': 'yes'}]}                 | $.a[0]",
                "{'a': [{'exists': true, 'prefix': 'x'}]}   | $.a[0]",
                "{'a': [{'numeric': ['>']}]}                | $.a[0].numeric",
                "{'a': [{'numeric': ['~', 1]}]}             | $.a[0].numeric",
                "{'a': [{'numeric': ['>', '1']}]}           | $.a[0].numeric",
                "{'a': [{'anything-but': []}]}              | $.a[0].anything-but",
                "{'a': [{'anything-but': [true]}]}          | $.a[0].anything-but",
                "{'a': [['x']]}                             | $.a[0]",
                "{'$or': [{'a': ['x']}]}                    | $.$or",
                "{'$or': [{'a': ['x']}, {'b': 'y'}]}        | $.$or[1].b",
            })
    void the_path_of_an_invalid_pattern_is_reported(String pattern, String place) {
        assertThatThrownBy(() -> FilterPattern.compile(pattern.replace('\'', '"')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("filter pattern at " + place + ":");
    }

    @Test
    void text_that_is_not_json_or_too_long_is_rejected() {
        assertThatThrownBy(() -> FilterPattern.compile("{\"a\": ["))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("filter pattern is not JSON");
        assertThatThrownBy(() -> FilterPattern.compile("{\"a\": [\"" + "x".repeat(4096) + "\"]}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 4096");
    }
}
