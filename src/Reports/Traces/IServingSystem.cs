namespace TaalasSim.Reports.Traces;

/// <summary>What requests are replayed on: a chip, a GPU with its engine, or both together. Safe to use from several threads.</summary>
internal interface IServingSystem
{
    /// <summary>Name for people.</summary>
    string Name { get; }

    /// <summary>What its figures rest on, a sentence each.</summary>
    IReadOnlyList<string> Basis { get; }

    /// <summary>Its parts.</summary>
    IReadOnlyList<ServingPart> Parts { get; }

    /// <summary>Serves requests in the order of their arrival.</summary>
    /// <param name="requests">Requests by arrival.</param>
    /// <param name="end">End of the interval of its speeds.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="ChipModel.Files.InputException">A request fits at no load.</exception>
    ServedTrace Serve(IReadOnlyList<TraceRequest> requests, IntervalEnd end, CancellationToken cancel);
}
