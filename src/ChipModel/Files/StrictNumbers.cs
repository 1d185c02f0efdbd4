using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace TaalasSim.ChipModel.Files;

/// <summary>Binds numbers: digits with a point, the same in every culture. The library would read <c>0,8</c> as 8.</summary>
internal sealed class StrictNumbers : INodeDeserializer
{
    private const NumberStyles Real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

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
        var type = Nullable.GetUnderlyingType(expectedType) ?? expectedType;
        if (!DescriptionField.IsNumeric(type))
            return false;
        // The library would read {} as zero.
        if (!reader.Accept<Scalar>(out var scalar))
            throw new YamlException(reader.Current!.Start, reader.Current.End, "a list or a mapping is not a number");
        if (type != expectedType && scalar is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" })
        {
            reader.MoveNext();
            return true;
        }

        value = Parse(type, scalar.Value)
            ?? throw new YamlException(
                scalar.Start,
                scalar.End,
                $"'{scalar.Value}' is not a {(type == typeof(int) || type == typeof(long) ? "whole number" : "number")}"
            );
        reader.MoveNext();
        return true;
    }

    /// <summary>The number that a text is; null when it is none of that type.</summary>
    /// <param name="type">int, long, double or float.</param>
    /// <param name="text">Text of the scalar.</param>
    internal static object? Parse(Type type, string text)
    {
        var culture = CultureInfo.InvariantCulture;
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var whole) ? whole : null;
        if (type == typeof(long))
            return long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var large) ? large : null;
        double? real = text.ToLowerInvariant() switch
        {
            ".nan" or "nan" => double.NaN,
            ".inf" or "+.inf" or "inf" => double.PositiveInfinity,
            "-.inf" or "-inf" => double.NegativeInfinity,
            _ => double.TryParse(text, Real, culture, out var given) ? given : null,
        };
        return real is { } number && type == typeof(float) ? ParseFloat(text, (float)number) : real;
    }

    // A float is read from its digits: rounding to double first would round twice.
    private static float ParseFloat(string text, float otherwise) =>
        float.TryParse(text, Real, CultureInfo.InvariantCulture, out var exact) ? exact : otherwise;
}
