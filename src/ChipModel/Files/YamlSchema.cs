using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TaalasSim.ChipModel.Files;

/// <summary>JSON Schema of a description record, so that editors complete and check the YAML while it is typed.</summary>
/// <remarks>Keys are those of <see cref="YamlReader"/>; unknown keys are faults. Nothing is marked as required, because a file may leave
/// any key to its <c>base</c>. Ranges and units come from <see cref="FieldRangeAttribute"/>, descriptions from the comments in the
/// source, which the compiler writes beside the assembly.</remarks>
public static partial class YamlSchema
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private const string Inherited = "inherited ";

    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, string>> Comments = new();

    /// <summary>The schema as indented JSON with a final newline.</summary>
    /// <param name="title">What the files describe.</param>
    /// <param name="hasBase">Whether a file may name another one that it changes.</param>
    public static string Of<T>(string title, bool hasBase = true)
    {
        var schema = Record(typeof(T));
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", title);
        if (hasBase)
            schema["properties"]!
                .AsObject()
                .Insert(
                    0,
                    "base",
                    new JsonObject
                    {
                        ["description"] = "File of the same folder, without extension, whose keys this file changes.",
                        ["type"] = "string",
                    }
                );
        return schema.ToJsonString(Json) + "\n";
    }

    /// <summary>The comment of a field, or that of its type; empty when there is none.</summary>
    public static string Description(DescriptionField field)
    {
        var own = Summary(
            field.Property.DeclaringType!.Assembly,
            $"P:{field.Property.DeclaringType!.FullName!.Replace('+', '.')}.{field.Property.Name}"
        );
        if (own.Length > 0)
            return own;
        var type = field.ItemType ?? field.Type;
        return Summary(type.Assembly, $"T:{type.FullName!.Replace('+', '.')}");
    }

    private static JsonObject Record(Type type)
    {
        var properties = new JsonObject();
        foreach (var field in DescriptionField.Of(type))
            properties[field.Name] = Field(field);
        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject Field(DescriptionField field)
    {
        var schema = Value(field.Type, field.Range);
        if (field.Property.IsDefined(typeof(AnyScalarAttribute)))
            schema["items"]!["type"] = new JsonArray("string", "number", "boolean");
        var text = Description(field);
        if (field.Range is { } range && !text.Contains(range.Text, StringComparison.Ordinal))
            text = $"{text} {range.Text}.".Trim();
        if (text.Length > 0)
            schema.Insert(0, "description", text);
        return schema;
    }

    private static JsonObject Value(Type type, FieldRangeAttribute? range)
    {
        if (DescriptionField.IsNumeric(type))
            return Number(type == typeof(int) || type == typeof(long) ? "integer" : "number", range);
        if (typeof(IInterval).IsAssignableFrom(type))
            return Interval(type, range);
        if (type == typeof(bool))
            return new JsonObject { ["type"] = "boolean" };
        if (type.IsEnum)
            return new JsonObject
            {
                ["enum"] = new JsonArray([
                    .. Enum.GetNames(type).Select(n => (JsonNode?)JsonValue.Create(UnderscoredNames.Instance.Apply(n))),
                ]),
            };
        if (type == typeof(string))
            return new JsonObject { ["type"] = "string" };
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>))
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = Value(type.GetGenericArguments()[1], range) };
        return type.IsGenericType
            ? new JsonObject { ["type"] = "array", ["items"] = Value(type.GetGenericArguments()[0], range) }
            : Record(type);
    }

    private static JsonObject Number(string type, FieldRangeAttribute? range)
    {
        var schema = new JsonObject { ["type"] = type };
        if (range is not null)
        {
            schema["minimum"] = range.Low;
            schema["maximum"] = range.High;
        }

        return schema;
    }

    private static JsonObject Interval(Type type, FieldRangeAttribute? range)
    {
        var schema = Record(type);
        foreach (var field in DescriptionField.Of(type))
        {
            var property = schema["properties"]![field.Name]!.AsObject();
            if (field.IsNumber && range is not null)
            {
                property["minimum"] = range.Low;
                property["maximum"] = range.High;
            }
            else if (field.Name == "unit" && range is { Unit: not FieldRangeAttribute.AnyUnit })
            {
                property["examples"] = new JsonArray(range.Unit);
            }
        }

        return schema;
    }

    private static string Summary(Assembly assembly, string member)
    {
        var comments = Comments.GetOrAdd(assembly, Read);
        // A comment may be that of another member; such chains are short.
        for (var i = 0; i < 4 && comments.TryGetValue(member, out var text); i++)
        {
            if (!text.StartsWith(Inherited, StringComparison.Ordinal))
                return text;
            member = text[Inherited.Length..];
        }

        return "";
    }

    private static IReadOnlyDictionary<string, string> Read(Assembly assembly)
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml");
        return File.Exists(path)
            ? XDocument
                .Load(path)
                .Descendants("member")
                .Select(m =>
                    (
                        Name: (string?)m.Attribute("name") ?? "",
                        Text: m.Element("summary") is { } summary ? Plain(summary)
                        : (string?)m.Element("inheritdoc")?.Attribute("cref") is { } from ? Inherited + from
                        : ""
                    )
                )
                .Where(m => m.Text.Length > 0)
                .DistinctBy(m => m.Name)
                .ToDictionary(m => m.Name, m => m.Text, StringComparer.Ordinal)
            : new Dictionary<string, string>(StringComparer.Ordinal);
    }

    // References become the name of the key that they refer to.
    private static string Plain(XElement summary)
    {
        var text = string.Concat(
            summary
                .Nodes()
                .Select(node =>
                    node switch
                    {
                        XText plain => plain.Value,
                        XElement { Name.LocalName: "see" } see => Reference((string?)see.Attribute("cref") ?? ""),
                        XElement element => element.Value,
                        _ => "",
                    }
                )
        );
        return Blanks().Replace(text, " ").Trim();
    }

    private static string Reference(string member)
    {
        var name = member.Split('.')[^1].Split('(')[0];
        return member.StartsWith("P:", StringComparison.Ordinal) ? UnderscoredNames.Instance.Apply(name) : name;
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Blanks();
}
