namespace TaalasSim.Runtime.Engine;

/// <summary>Credits: how many more tokens each stage can hold, and who waits for one.</summary>
internal sealed class StageRoom
{
    private readonly int[] _room;
    private readonly Queue<int>?[] _waiting;

    /// <summary>Empty stages.</summary>
    /// <param name="stages">Number of stages.</param>
    /// <param name="buffers">Tokens that a stage holds; 0: any number.</param>
    public StageRoom(int stages, int buffers)
    {
        _room = new int[stages];
        _waiting = new Queue<int>[stages];
        Array.Fill(_room, buffers == 0 ? int.MaxValue : buffers);
    }

    /// <summary>Takes room in a stage for a token, or puts it in the queue for it.</summary>
    public bool TryTake(int stage, int token)
    {
        if (_room[stage] == 0)
        {
            (_waiting[stage] ??= new()).Enqueue(token);
            return false;
        }

        _room[stage]--;
        return true;
    }

    /// <summary>A token has left a stage: returns the token that has waited longest for its room, −1 for none. The room is free until it is
    /// taken.</summary>
    public int Free(int stage)
    {
        _room[stage]++;
        return _waiting[stage] is { Count: > 0 } queue ? queue.Dequeue() : -1;
    }

    /// <summary>Takes room that <see cref="Free"/> has just given back.</summary>
    public void Take(int stage) => _room[stage]--;

    /// <summary>Whether a token waits for room anywhere.</summary>
    public bool IsWaiting(int token) => Array.Exists(_waiting, q => q is not null && q.Contains(token));
}
