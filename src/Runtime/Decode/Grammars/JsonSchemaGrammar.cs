using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Decode.Grammars;

/// <summary>
/// A JSON schema as a grammar, with llama.cpp's rule names. Properties come in the order of the schema. What it cannot express is refused
/// by name, except annotations, which constrain nothing.
/// </summary>
public sealed class JsonSchemaGrammar
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private JsonElement _schema;
    private string _prefix = "";
    private readonly SortedDictionary<string, string> _rules = new(StringComparer.Ordinal) { ["space"] = SchemaRules.Space };
    private readonly HashSet<string> _resolving = new(StringComparer.Ordinal);

    private JsonSchemaGrammar(JsonElement schema) => _schema = schema;

    /// <summary>GBNF of a schema.</summary>
    /// <exception cref="InputException">The schema holds something that is not supported.</exception>
    public static string Convert(JsonElement schema)
    {
        var converter = new JsonSchemaGrammar(schema);
        converter.Visit(schema, "");
        return converter.Text();
    }

    /// <summary>Rules of several schemas that other rules refer to, and the name of each. The rule <c>space</c> is always there, the root
    /// is missing.</summary>
    /// <param name="schemas">Schemas with prefixes of the names of their rules, each its own.</param>
    /// <exception cref="InputException">A schema holds something that is not supported.</exception>
    public static (string Rules, IReadOnlyList<string> Names) ConvertAll(IEnumerable<(string Name, JsonElement Schema)> schemas)
    {
        var converter = new JsonSchemaGrammar(default);
        var names = new List<string>();
        foreach (var (name, schema) in schemas)
        {
            (converter._schema, converter._prefix) = (schema, name + "-");
            names.Add(converter.Visit(schema, name));
        }
        return (converter.Text(), names);
    }

    /// <summary>A text as a literal of a grammar.</summary>
    public static string Literal(string text) => SchemaRules.Literal(text);

    private string Text()
    {
        var text = new StringBuilder();
        foreach (var (name, rule) in _rules)
            text.Append(name).Append(" ::= ").Append(rule).Append('\n');
        return text.ToString();
    }

    /// <summary>A JSON value as it must appear in the text.</summary>
    private static string Constant(JsonElement value) => SchemaRules.Literal(JsonSerializer.Serialize(value, Compact));

    private static string Join(string name, string part) => name.Length == 0 ? part : name + "-" + part;

    private static InputException Refuse(string what) => new("JSON schema conversion failed:\n" + what);

    private string Visit(JsonElement schema, string name)
    {
        var rule =
            SchemaRules.IsReserved(name) ? name + "-"
            : name.Length == 0 ? "root"
            : name;
        if (schema.ValueKind is JsonValueKind.True)
            return Add(rule, Primitive("value", "value"));
        if (schema.ValueKind != JsonValueKind.Object)
            throw Refuse("Unrecognized schema: " + JsonSerializer.Serialize(schema, Compact));
        if (schema.TryGetProperty("$ref", out var reference))
            return Add(rule, Resolve(Text(reference, "$ref")));
        if (schema.TryGetProperty("oneOf", out var choices) || schema.TryGetProperty("anyOf", out choices))
            return Add(rule, Union(name, [.. Items(choices, "anyOf")]));
        if (schema.TryGetProperty("type", out var types) && types.ValueKind == JsonValueKind.Array)
            return Add(rule, Union(name, [.. types.EnumerateArray().Select(type => WithType(schema, type))]));
        if (schema.TryGetProperty("const", out var constant))
            return Add(rule, Constant(constant));
        if (schema.TryGetProperty("enum", out var values))
            return Add(rule, "(" + string.Join(" | ", Items(values, "enum").Select(Constant)) + ")");
        return Typed(schema, name, rule, types.ValueKind == JsonValueKind.String ? types.GetString() : null);
    }

    private string Typed(JsonElement schema, string name, string rule, string? type)
    {
        bool Has(string key) => schema.TryGetProperty(key, out _);
        var isOpen = schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind != JsonValueKind.True;
        if (type is null or "object" && (Has("properties") || isOpen))
            return Add(
                rule,
                Object(Properties(schema), Required(schema), name, schema.TryGetProperty("additionalProperties", out more) ? more : null)
            );
        if (type is null or "object" or "string" && Has("allOf"))
            return AllOf(schema, name, rule);
        if (type is null or "array" && (Has("items") || Has("prefixItems")))
            return Array(schema, name, rule);
        if (type is null or "string" && schema.TryGetProperty("pattern", out var pattern))
            return Add(rule, "\"\\\"\" (" + new SchemaPattern(Text(pattern, "pattern")).ToRule() + ") \"\\\"\"");
        if (type is null or "string" && schema.TryGetProperty("format", out var format))
        {
            var kind = Text(format, "format");
            if (SchemaRules.IsUuid(kind))
                return Primitive(rule == "root" ? "root" : kind, "uuid");
            if (SchemaRules.Find(kind + "-string") is not null)
                return Add(rule, Primitive(kind + "-string", kind + "-string"));
        }
        if (type == "string" && (Has("minLength") || Has("maxLength")))
            return Add(
                rule,
                "\"\\\"\" "
                    + Repeat(Primitive("char", "char"), Integer(schema, "minLength") ?? 0, Integer(schema, "maxLength"))
                    + " \"\\\"\""
            );
        if (type == "integer" && SchemaIntegers.Range(schema) is { } range)
            return Add(rule, range);
        if (type == "object" || !schema.EnumerateObject().Any())
            return Add(rule, Primitive("object", "object"));
        if (type is null && !schema.TryGetProperty("type", out _))
            return Add(rule, Primitive("value", "value"));
        return type is not null && SchemaRules.IsPrimitive(type)
            ? Primitive(rule == "root" ? "root" : type, type)
            : throw Refuse("Unrecognized schema: " + JsonSerializer.Serialize(schema, Compact));
    }

    private string Union(string name, IReadOnlyList<JsonElement> schemas) =>
        string.Join(
            " | ",
            schemas.Select(
                (schema, i) => Visit(schema, name + (name.Length == 0 ? "alternative-" : "-") + i.ToString(CultureInfo.InvariantCulture))
            )
        );

    private string Array(JsonElement schema, string name, string rule)
    {
        var items = schema.TryGetProperty("items", out var single) ? single : schema.GetProperty("prefixItems");
        if (items.ValueKind == JsonValueKind.Array)
        {
            var parts = items
                .EnumerateArray()
                .Select((item, i) => Visit(item, Join(name, $"tuple-{i.ToString(CultureInfo.InvariantCulture)}")));
            return Add(rule, "\"[\" space " + string.Join(" \",\" space ", parts) + " space \"]\"");
        }
        var element = Visit(items, Join(name, "item"));
        var (least, most) = (Integer(schema, "minItems") ?? 0, Integer(schema, "maxItems"));
        return Add(rule, "\"[\" space " + Separated(element, least, most) + " space \"]\"");
    }

    private static string Separated(string item, int least, int? most)
    {
        if (most == 0)
            return "";
        if (least == 0 && most == 1)
            return item + "?";
        var list = item + " " + Repeat("(\",\" space " + item + ")", Math.Max(0, least - 1), most - 1);
        return least == 0 ? "(" + list + ")?" : list;
    }

    private static string Repeat(string item, int least, int? most)
    {
        var bound = most?.ToString(CultureInfo.InvariantCulture);
        return (least, most) switch
        {
            (_, 0) => "",
            (0, 1) => item + "?",
            (1, null) => item + "+",
            (0, null) => item + "*",
            _ => $"{item}{{{least.ToString(CultureInfo.InvariantCulture)},{bound}}}",
        };
    }

    private string AllOf(JsonElement schema, string name, string rule)
    {
        var properties = new List<(string, JsonElement)>();
        var required = new HashSet<string>(StringComparer.Ordinal);
        var constants = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var parts = Items(schema.GetProperty("allOf"), "allOf").ToList();
        void Take(JsonElement part, bool isRequired)
        {
            if (part.TryGetProperty("$ref", out var reference))
                part = Target(Text(reference, "$ref"));
            if (part.TryGetProperty("enum", out var values))
                foreach (var value in Items(values, "enum").Select(Constant))
                    constants[value] = constants.GetValueOrDefault(value) + 1;
            foreach (var (key, value) in Properties(part))
            {
                properties.Add((key, value));
                if (isRequired)
                    required.Add(key);
            }
        }
        foreach (var part in parts)
        {
            if (part.TryGetProperty("anyOf", out var choices))
                foreach (var choice in Items(choices, "anyOf"))
                    Take(choice, isRequired: false);
            else
                Take(part, isRequired: true);
        }
        var common = constants.Where(pair => pair.Value == parts.Count).Select(pair => pair.Key).ToList();
        return common.Count > 0 ? Add(rule, "(" + string.Join(" | ", common) + ")") : Add(rule, Object(properties, required, name, null));
    }

    private string Object(
        IReadOnlyList<(string Name, JsonElement Schema)> properties,
        HashSet<string> required,
        string name,
        JsonElement? additional
    )
    {
        var rules = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, schema) in properties)
        {
            var value = Visit(schema, Join(name, key));
            var literal = SchemaRules.Literal(JsonSerializer.Serialize(key, Compact));
            rules[key] = Add(Join(name, key + "-kv"), $"{literal} space \":\" space {value}");
        }
        var optional = properties.Select(p => p.Name).Where(key => !required.Contains(key)).ToList();
        if (additional is { ValueKind: JsonValueKind.True or JsonValueKind.Object } more)
        {
            var sub = Join(name, "additional");
            var value = more.ValueKind == JsonValueKind.Object ? Visit(more, sub + "-value") : Primitive("value", "value");
            var key =
                properties.Count == 0
                    ? Primitive("string", "string")
                    : Add(sub + "-k", SchemaRules.NoneOf(properties.Select(p => p.Name), Primitive("char", "char")));
            rules["*"] = Add(sub + "-kv", $"{key} \":\" space {value}");
            optional.Add("*");
        }
        var needed = properties.Select(p => p.Name).Where(required.Contains).Select(key => rules[key]).ToList();
        var rule = "\"{\" space " + string.Join(" \",\" space ", needed);
        if (optional.Count > 0)
        {
            var choices = Enumerable.Range(0, optional.Count).Select(i => From(name, optional, i, rules, isFollowing: false));
            var list = string.Join(" | ", choices);
            rule += needed.Count > 0 ? " ( \",\" space ( " + list + " ) )?" : " (" + list + " )?";
        }
        return rule + " space \"}\"";
    }

    // The optional properties from one of them on, each present or absent.
    private string From(string name, List<string> keys, int at, Dictionary<string, string> rules, bool isFollowing)
    {
        var key = keys[at];
        var follower = $"( \",\" space {rules[key]} )";
        var many = key == "*";
        var text =
            isFollowing ? follower + (many ? "*" : "?")
            : many ? rules[key] + " " + follower + "*"
            : rules[key];
        return at + 1 < keys.Count ? text + " " + Add(Join(name, key + "-rest"), From(name, keys, at + 1, rules, isFollowing: true)) : text;
    }

    private string Resolve(string reference)
    {
        var fragment = reference.Contains('#', StringComparison.Ordinal)
            ? reference[(reference.IndexOf('#', StringComparison.Ordinal) + 1)..]
            : reference;
        var name = SchemaRules.Name(_prefix + "ref" + fragment);
        if (_rules.ContainsKey(name) || !_resolving.Add(reference))
            return name;
        var made = Visit(Target(reference), name);
        _resolving.Remove(reference);
        return made;
    }

    private JsonElement Target(string reference)
    {
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
            throw Refuse("Unsupported ref: " + reference);
        var target = _schema;
        foreach (var part in reference[2..].Split('/'))
        {
            if (target.ValueKind == JsonValueKind.Object && target.TryGetProperty(part, out var member))
                target = member;
            else if (
                target.ValueKind == JsonValueKind.Array
                && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                && index < target.GetArrayLength()
            )
                target = target[index];
            else
                throw Refuse($"Error resolving ref {reference}: {part} is not there");
        }
        return target;
    }

    private string Primitive(string name, string primitive)
    {
        var (content, needs) = SchemaRules.Find(primitive)!.Value;
        var made = Add(name, content);
        foreach (var need in needs)
            if (!_rules.ContainsKey(need))
                Primitive(need, need);
        return made;
    }

    private string Add(string name, string rule)
    {
        var key = SchemaRules.Name(name);
        var free = key;
        for (var i = 0; _rules.TryGetValue(free, out var known) && known != rule; i++)
            free = key + i.ToString(CultureInfo.InvariantCulture);
        _rules[free] = rule;
        return free;
    }

    private static List<(string Name, JsonElement Schema)> Properties(JsonElement schema) =>
        schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
            ? [.. properties.EnumerateObject().Select(p => (p.Name, p.Value))]
            : [];

    private static HashSet<string> Required(JsonElement schema) =>
        schema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
            ? [.. names.EnumerateArray().Where(n => n.ValueKind == JsonValueKind.String).Select(n => n.GetString()!)]
            : [];

    private static JsonElement WithType(JsonElement schema, JsonElement type)
    {
        var copy = System.Text.Json.Nodes.JsonObject.Create(schema)!;
        copy["type"] = System.Text.Json.Nodes.JsonNode.Parse(type.GetRawText());
        return JsonSerializer.SerializeToElement(copy);
    }

    private static IEnumerable<JsonElement> Items(JsonElement list, string key) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : throw Refuse($"{key} must be an array");

    private static string Text(JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Refuse($"{key} must be a string");

    private static int? Integer(JsonElement schema, string key) =>
        !schema.TryGetProperty(key, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var n) && n >= 0 ? n
        : throw Refuse($"{key} must be a whole number from 0");
}
