using System.Collections;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace TaalasSim.ChipModel.Files;

/// <summary>Refuses a value of the wrong kind in words of the file: a text where keys belong, a list where a text belongs, and so
/// on. The library would name types of the program.</summary>
internal sealed class NodeKinds : INodeDeserializer
{
    /// <inheritdoc/>
    public bool Deserialize(
        IParser reader,
        Type expectedType,
        Func<IParser, Type, object?> nestedObjectDeserializer,
        out object? value,
        ObjectDeserializer rootDeserializer
    )
    {
        value = null;
        // Numbers have a reader of their own.
        if (reader.Current is not NodeEvent node || DescriptionField.IsNumeric(Plain(expectedType)) || Suits(node, expectedType))
            return false;
        throw new YamlException(node.Start, node.End, $"{Found(node)} is where {Needed(expectedType)}");
    }

    private static bool Suits(NodeEvent node, Type type) =>
        node switch
        {
            // What has no value is a matter of the key: some may be left empty.
            Scalar { Style: ScalarStyle.Plain, Value: "" or "~" or "null" } => true,
            Scalar => IsScalar(type),
            SequenceStart => IsList(type),
            _ => !IsScalar(type) && !IsList(type),
        };

    private static string Found(NodeEvent node) =>
        node switch
        {
            Scalar scalar => $"'{(scalar.Value.Length > 40 ? scalar.Value[..40] + "…" : scalar.Value)}'",
            SequenceStart => "a list",
            _ => "a mapping",
        };

    private static string Needed(Type type)
    {
        if (IsList(type))
            return "a list belongs: write [first, second]";
        if (IsScalar(type))
            return "a text belongs";
        string[] keys = typeof(IDictionary).IsAssignableFrom(type) ? [] : [.. DescriptionField.Of(type).Select(field => field.Name)];
        return keys.Length == 0 ? "keys and values belong" : $"keys belong: {string.Join(", ", keys)}";
    }

    private static bool IsScalar(Type type) =>
        Plain(type) is var plain && (plain == typeof(string) || plain == typeof(bool) || plain.IsEnum || plain.IsPrimitive);

    private static bool IsList(Type type) =>
        type.IsArray
        || (
            type.IsGenericType
            && type.GetGenericTypeDefinition() is var generic
            && (generic == typeof(List<>) || generic == typeof(IReadOnlyList<>))
        );

    private static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;
}
