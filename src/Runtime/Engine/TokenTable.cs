using System.Numerics;

namespace TaalasSim.Runtime.Engine;

/// <summary>
/// State of the tokens in flight as one array per field. A token has a number; its phases of the current stage are nodes
/// <c>token × phases + phase</c>, the demands of a phase on one resource each are jobs <c>node × jobs + job</c>, both strides a power of
/// two. Numbers are reused, so memory follows the tokens in flight and not the tokens played.
/// </summary>
internal sealed class TokenTable
{
    private readonly int _phaseShift;
    private readonly int _jobShift;
    private readonly int _phaseMask;
    private readonly int _experts;
    private int[] _free = [];
    private int _freeCount;
    private int _capacity;

    /// <summary>Table for tokens with at most these numbers of phases in a stage, resources in a phase and routed experts in a
    /// stage.</summary>
    public TokenTable(int phases, int jobs, int experts)
    {
        _phaseShift = BitOperations.Log2((uint)Math.Max(1, (phases * 2) - 1));
        _jobShift = BitOperations.Log2((uint)Math.Max(1, (jobs * 2) - 1));
        _phaseMask = (1 << _phaseShift) - 1;
        _experts = experts;
    }

    /// <summary>Request of a token; −1 for a number that is free.</summary>
    public int[] Request = [];

    /// <summary>Position of a token in its context.</summary>
    public int[] Position = [];

    /// <summary>Stage that a token is in; −1 before the first.</summary>
    public int[] Stage = [];

    /// <summary>Cycle at which the token finished its last stage, or came to the chip.</summary>
    public long[] Since = [];

    /// <summary>Initiation interval: cycles between the token and the one before it in every stage.</summary>
    public long[] Interval = [];

    /// <summary>Whether the next stage keeps room for the token.</summary>
    public bool[] HasRoom = [];

    /// <summary>Order of issue: breaks ties.</summary>
    public long[] Number = [];

    /// <summary>Cycle at which the token enters its stage.</summary>
    public long[] Entry = [];

    /// <summary>Phases of the stage that have not started.</summary>
    public int[] Left = [];

    /// <summary>Number of the token before and after in the same prompt while both are in flight; −1 for none.</summary>
    public int[] Before = [];

    /// <inheritdoc cref="Before"/>
    public int[] Behind = [];

    /// <summary>Cycle at which the token came to a stage that the token before it has not entered; −1 when it is not held.</summary>
    public long[] Held = [];

    /// <summary>Cycles by part: [token × parts].</summary>
    public long[] Parts = [];

    /// <summary>Experts of the stage: [token × experts].</summary>
    public int[] Experts = [];

    /// <summary>Phases that a node still waits for.</summary>
    public byte[] Pending = [];

    /// <summary>Cycle at which a node has all that it waits for.</summary>
    public long[] Ready = [];

    /// <summary>Cycle at which the last of its resources was first taken; −1 until the node is ready.</summary>
    public long[] Start = [];

    /// <summary>At bank granularity: cycle of the latest piece, cycle at which the resource as a whole would be served, rows that each bank
    /// reads.</summary>
    public long[] Whole = [];

    /// <inheritdoc cref="Whole"/>
    public long[] Expected = [];

    /// <inheritdoc cref="Whole"/>
    public int[] Rows = [];

    /// <summary>Cycle at which a node has been served; once it has ended, its fill included.</summary>
    public long[] End = [];

    /// <summary>Cycles of the demand that is served last, and the unit that serves it.</summary>
    public long[] Worked = [];

    /// <inheritdoc cref="Worked"/>
    public byte[] Binding = [];

    /// <summary>Jobs and pieces of the node whose end is not known yet.</summary>
    public int[] Unserved = [];

    /// <summary>Demand of each job.</summary>
    public int[] Demand = [];

    /// <summary>Cycles that a job takes of a shared resource, and those still to be served when it does not run.</summary>
    public int[] Cycles = [];

    /// <inheritdoc cref="Cycles"/>
    public int[] Remaining = [];

    /// <summary>Neighbours of a job in the queue of its resource.</summary>
    public int[] Older = [];

    /// <inheritdoc cref="Older"/>
    public int[] Younger = [];

    /// <summary>First node of a token.</summary>
    public int FirstNode(int token) => token << _phaseShift;

    /// <summary>First job of a node.</summary>
    public int FirstJob(int node) => node << _jobShift;

    /// <summary>Node of a job.</summary>
    public int NodeOf(int job) => job >> _jobShift;

    /// <summary>Token of a node.</summary>
    public int TokenOf(int node) => node >> _phaseShift;

    /// <summary>Index of a node's phase in its stage.</summary>
    public int PhaseOf(int node) => node & _phaseMask;

    /// <summary>Order of issue of a job's token.</summary>
    public long NumberOf(int job) => Number[job >> (_jobShift + _phaseShift)];

    /// <summary>Cycles by part of a token.</summary>
    public Span<long> PartsOf(int token) => Parts.AsSpan(token * PathPart.Count, PathPart.Count);

    /// <summary>A number for a new token.</summary>
    public int Take()
    {
        if (_freeCount == 0)
            Grow();
        return _free[--_freeCount];
    }

    /// <summary>Frees the number of a token.</summary>
    public void Return(int token)
    {
        Request[token] = -1;
        _free[_freeCount++] = token;
    }

    /// <summary>Number of a token in flight, or −1.</summary>
    public int Find(int request, int position)
    {
        for (var token = 0; token < _capacity; token++)
            if (Request[token] == request && Position[token] == position)
                return token;
        return -1;
    }

    /// <summary>Tokens in flight.</summary>
    public IEnumerable<int> Taken() => Enumerable.Range(0, _capacity).Where(token => Request[token] >= 0);

    private void Grow()
    {
        var old = _capacity;
        _capacity = Math.Max(8, 2 * old);
        Array.Resize(ref _free, _capacity);
        Array.Resize(ref Request, _capacity);
        Array.Resize(ref Position, _capacity);
        Array.Resize(ref Stage, _capacity);
        Array.Resize(ref Number, _capacity);
        Array.Resize(ref Since, _capacity);
        Array.Resize(ref Interval, _capacity);
        Array.Resize(ref HasRoom, _capacity);
        Array.Resize(ref Entry, _capacity);
        Array.Resize(ref Left, _capacity);
        Array.Resize(ref Before, _capacity);
        Array.Resize(ref Behind, _capacity);
        Array.Resize(ref Held, _capacity);
        Array.Resize(ref Parts, checked(_capacity * PathPart.Count));
        Array.Resize(ref Experts, checked(_capacity * _experts));
        GrowNodes(checked(_capacity * (1 << _phaseShift)));
        for (var token = _capacity - 1; token >= old; token--)
            Return(token);
    }

    private void GrowNodes(int nodes)
    {
        Array.Resize(ref Pending, nodes);
        Array.Resize(ref Ready, nodes);
        Array.Resize(ref Start, nodes);
        Array.Resize(ref End, nodes);
        Array.Resize(ref Whole, nodes);
        Array.Resize(ref Expected, nodes);
        Array.Resize(ref Rows, nodes);
        Array.Resize(ref Worked, nodes);
        Array.Resize(ref Binding, nodes);
        Array.Resize(ref Unserved, nodes);
        var jobs = checked(nodes * (1 << _jobShift));
        Array.Resize(ref Demand, jobs);
        Array.Resize(ref Cycles, jobs);
        Array.Resize(ref Remaining, jobs);
        Array.Resize(ref Older, jobs);
        Array.Resize(ref Younger, jobs);
    }
}
