namespace TaalasSim.Runtime.Engine;

/// <summary>Kind of an event and an index of 28 bits in one word.</summary>
internal static class EventCode
{
    private const int KindShift = 28;

    public static int Of(EventKind kind, int index = 0) => ((int)kind << KindShift) | index;

    public static EventKind Kind(int code) => (EventKind)(code >> KindShift);

    public static int Index(int code) => code & ((1 << KindShift) - 1);
}
