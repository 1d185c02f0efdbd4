namespace TaalasSim.Compiler.Export.Masks;

/// <summary>Sets of numbers that are joined one by one (union-find with path halving).</summary>
internal sealed class DisjointSets
{
    private readonly int[] _parent;

    /// <summary>Each number in a set of its own.</summary>
    /// <param name="count">Numbers from 0.</param>
    public DisjointSets(int count) => (_parent, Count) = ([.. Enumerable.Range(0, count)], count);

    /// <summary>Sets that are left.</summary>
    public int Count { get; private set; }

    /// <summary>Makes the sets of two numbers one.</summary>
    public void Join(int a, int b)
    {
        (a, b) = (Root(a), Root(b));
        if (a == b)
            return;
        _parent[a] = b;
        Count--;
    }

    private int Root(int n)
    {
        while (_parent[n] != n)
            n = _parent[n] = _parent[_parent[n]];
        return n;
    }
}
