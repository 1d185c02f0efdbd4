namespace TaalasSim.Runtime.Engine;

/// <summary>
/// State of the tokens in flight as one array per field. A slot holds a token; its phases of the current stage are nodes <c>slot × phases +
/// phase</c>, the demands of a phase on one resource each are jobs <c>node × jobs + job</c>. Slots are reused, so memory follows the tokens
/// in flight and not the tokens played.
/// </summary>
internal sealed class SlotTable(int phases, int jobs, int experts)
{
    private int[] _free = [];
    private int _freeCount;
    private int _capacity;

    public int[] Request = [];
    public int[] Position = [];
    public int[] Stage = [];

    /// <summary>Cycle at which the token finished its last stage, or came to the chip.</summary>
    public long[] Since = [];

    /// <summary>Cycles between the token and the one before it in every stage.</summary>
    public long[] Interval = [];

    /// <summary>Whether the next stage keeps room for the token.</summary>
    public bool[] HasRoom = [];

    /// <summary>Order of issue: breaks ties.</summary>
    public long[] Number = [];

    /// <summary>Cycle at which the token enters its stage.</summary>
    public long[] Entry = [];

    /// <summary>Phases of the stage that have not started.</summary>
    public int[] Left = [];

    /// <summary>Slot of the token before and after in the same prompt while both are in flight; −1 for none.</summary>
    public int[] Before = [];

    /// <inheritdoc cref="Before"/>
    public int[] Behind = [];

    /// <summary>Cycle at which the token came to a stage that the token before it has not entered; −1 when it is not held.</summary>
    public long[] Held = [];

    /// <summary>Cycles by part: [slot × parts].</summary>
    public long[] Parts = [];

    /// <summary>Experts of the stage: [slot × experts].</summary>
    public int[] Experts = [];

    /// <summary>Phases that a node still waits for.</summary>
    public byte[] Pending = [];

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

    public int Take()
    {
        if (_freeCount == 0)
            Grow();
        return _free[--_freeCount];
    }

    public void Return(int slot)
    {
        Request[slot] = -1;
        _free[_freeCount++] = slot;
    }

    /// <summary>Slot of a token in flight, or −1.</summary>
    public int Find(int request, int position)
    {
        for (var slot = 0; slot < _capacity; slot++)
            if (Request[slot] == request && Position[slot] == position)
                return slot;
        return -1;
    }

    /// <summary>Slots that hold a token.</summary>
    public IEnumerable<int> Taken() => Enumerable.Range(0, _capacity).Where(slot => Request[slot] >= 0);

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
        Array.Resize(ref Experts, checked(_capacity * experts));
        var nodes = checked(_capacity * phases);
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
        var all = checked(nodes * jobs);
        Array.Resize(ref Demand, all);
        Array.Resize(ref Cycles, all);
        Array.Resize(ref Remaining, all);
        Array.Resize(ref Older, all);
        Array.Resize(ref Younger, all);
        for (var slot = _capacity - 1; slot >= old; slot--)
            Return(slot);
    }
}
