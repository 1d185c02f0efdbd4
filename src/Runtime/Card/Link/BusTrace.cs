using System.Globalization;
using System.Text.Json;

namespace TaalasSim.Runtime.Card.Link;

/// <summary>Record of what crossed the link, up to a bound; what comes later is only counted.</summary>
public sealed class BusTrace(int capacity)
{
    private readonly List<BusEvent> _events = [];

    /// <summary>What was recorded, in order.</summary>
    public IReadOnlyList<BusEvent> Events => _events;

    /// <summary>Events beyond the bound.</summary>
    public long Dropped { get; private set; }

    /// <summary>Records one event.</summary>
    public void Add(in BusEvent item)
    {
        if (_events.Count < capacity)
            _events.Add(item);
        else
            Dropped++;
    }

    /// <summary>Writes the trace in Chrome's JSON trace format, which Perfetto reads; times in µs.</summary>
    public void WritePerfetto(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteStartArray("traceEvents");
        foreach (var e in _events)
        {
            json.WriteStartObject();
            json.WriteString("name", e.Name);
            json.WriteString("cat", e.Kind.ToString());
            json.WriteString("ph", "X");
            json.WriteNumber("ts", e.TimeNs / 1000.0);
            json.WriteNumber("dur", e.DurationNs / 1000.0);
            json.WriteNumber("pid", 1);
            json.WriteNumber("tid", (int)e.Kind);
            json.WriteStartObject("args");
            json.WriteString("address", "0x" + e.Address.ToString("x", CultureInfo.InvariantCulture));
            json.WriteNumber("value", e.Value);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("droppedEvents", Dropped);
        json.WriteEndObject();
    }
}
