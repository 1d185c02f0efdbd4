namespace TaalasSim.Reports.Traces;

/// <summary>When each request of a trace got what it asked for, and what the system did for it.</summary>
internal sealed class ServedTrace(int requests)
{
    /// <summary>When a request was taken up, s.</summary>
    public double[] Started { get; } = new double[requests];

    /// <summary>When its first answer token was there, s.</summary>
    public double[] First { get; } = new double[requests];

    /// <summary>When its last one was, s.</summary>
    public double[] Finished { get; } = new double[requests];

    /// <summary>Work of the parts of the system, in its order.</summary>
    public List<ServedPart> Parts { get; } = [];
}
