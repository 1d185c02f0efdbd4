using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TaalasSim.Cli.Terminal;

/// <summary>Numbers of a JSON document: what is infinite or not a number is not there, so it is <c>null</c> (docs/json.md).</summary>
/// <typeparam name="T">Type of the number.</typeparam>
internal sealed class FiniteNumber<T> : JsonConverter<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        T.CreateChecked(reader.GetDouble());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        // A single has fewer digits than the double of the same value.
        if (!T.IsFinite(value))
            writer.WriteNullValue();
        else if (value is float single)
            writer.WriteNumberValue(single);
        else
            writer.WriteNumberValue(double.CreateChecked(value));
    }
}
