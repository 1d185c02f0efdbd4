namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>What stands after <c>is</c>.</summary>
internal static class JinjaTests
{
    public static bool Apply(string name, object? value, JinjaArguments arguments) =>
        name switch
        {
            "defined" => !ReferenceEquals(value, JinjaValues.Undefined),
            "undefined" => ReferenceEquals(value, JinjaValues.Undefined),
            "none" => value is null,
            "string" => value is string,
            "mapping" => value is OrderedDictionary<string, object?>,
            "iterable" or "sequence" => value is string or List<object?> or OrderedDictionary<string, object?>,
            "boolean" => value is bool,
            "true" => value is true,
            "false" => value is false,
            "integer" => value is long,
            "float" => value is double,
            "number" => value is long or double or bool,
            "callable" => value is JinjaFunction,
            "odd" => Whole(value, arguments) % 2 != 0,
            "even" => Whole(value, arguments) % 2 == 0,
            "divisibleby" => arguments.Whole(0, "num") is not 0 and var divisor && Whole(value, arguments) % divisor == 0,
            "equalto" or "eq" => JinjaValues.AreEqual(value, arguments.Required(0, "other")),
            "ne" => !JinjaValues.AreEqual(value, arguments.Required(0, "other")),
            "gt" or "greaterthan" => JinjaOperators.Compare(arguments.Line, ">", value, arguments.Required(0, "other")),
            "ge" => JinjaOperators.Compare(arguments.Line, ">=", value, arguments.Required(0, "other")),
            "lt" or "lessthan" => JinjaOperators.Compare(arguments.Line, "<", value, arguments.Required(0, "other")),
            "le" => JinjaOperators.Compare(arguments.Line, "<=", value, arguments.Required(0, "other")),
            "in" => JinjaOperators.Contains(arguments.Line, value, arguments.Required(0, "seq")),
            "lower" => value is string text && text.Any(char.IsLetter) && !text.Any(char.IsUpper),
            "upper" => value is string text && text.Any(char.IsLetter) && !text.Any(char.IsLower),
            _ => throw JinjaFault.At(arguments.Line, $"the test '{name}' is not supported"),
        };

    private static long Whole(object? value, JinjaArguments arguments) =>
        value is long number ? number : throw JinjaFault.At(arguments.Line, "this test needs a whole number");
}
