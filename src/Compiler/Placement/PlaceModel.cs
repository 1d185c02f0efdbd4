using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Graph;

namespace TaalasSim.Compiler.Placement;

/// <summary>
/// Cuts every matrix into banks and gives each bank a site. Layers follow one another along a space-filling curve over the tiles, so each
/// layer is a compact region with its vector lanes at the centre, and a slot walks over the die from region to region. With tensor
/// partition a layer takes the same region on each die of a group: banks of a matrix are dealt out by output segment, those of attention
/// output and down by input segment.
/// </summary>
public static class PlaceModel
{
    private const int MaximumBanks = 1 << 24;

    /// <summary>Places a model whose matrices have the given formats.</summary>
    /// <param name="graph">Operators and sizes.</param>
    /// <param name="fabric">Fabric.</param>
    /// <param name="formats">Code format of each matrix.</param>
    /// <param name="vectorRomValues">Floats in the vector ROM.</param>
    /// <exception cref="InputException">The fabric's banks do not hold a format.</exception>
    public static PlacedModel Place(
        ModelGraph graph,
        FabricSpec fabric,
        IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> formats,
        long vectorRomValues
    )
    {
        foreach (var (matrix, format) in formats)
            if (!matrix.Role.IsRead() && FabricFile.FormatFault(fabric, format.Name, matrix.Role == MatrixRole.Router) is { } fault)
                throw new InputException($"fabric {fabric.Name}: {matrix.PortName}: {fault}");
        CheckNumber(graph, fabric, formats);
        var order = SiteOrder(fabric);
        var ports = new MatrixPlan[formats.Count];
        var sites = new int[formats.Count][];
        var ways = fabric.System.TensorParallelDies;
        // First free place on each die of the group that is being filled, counted along the curve from the group's first place.
        var next = new long[ways];
        long groupStart = 0;
        foreach (var group in Groups(formats))
        {
            var cuts = group
                .Select(i => BankCut.For(fabric.BankFor(formats[i].Matrix.Role == MatrixRole.Router), formats[i].Format))
                .ToArray();
            var shares = group.Select((port, i) => Shares(formats[port].Matrix, cuts[i], ways)).ToArray();
            var totals = Enumerable.Range(0, ways).Select(way => shares.Sum(s => s.LongCount(w => w == way))).ToArray();
            StartOnOneDie(next, ref groupStart, totals, fabric);
            int At(int way, long place) => Site(order, fabric, groupStart, way, place);
            var (centreX, centreY) = Centre([.. Enumerable.Range(0, (int)totals[0]).Select(i => At(0, next[0] + i))], fabric);
            for (var i = 0; i < group.Count; i++)
            {
                var mine = new int[shares[i].Length];
                for (var b = 0; b < mine.Length; b++)
                    mine[b] = At(shares[i][b], next[shares[i][b]]++);
                sites[group[i]] = mine;
                ports[group[i]] = Port(group[i], formats[group[i]], cuts[i], mine, mine.Max(s => Hops(s, centreX, centreY, fabric)));
            }
        }

        return new PlacedModel(
            new ChipPlan
            {
                Model = graph.Shape,
                Fabric = fabric,
                Matrices = ports,
                VectorRomValues = vectorRomValues,
            },
            sites,
            groupStart + (ways * next.Max())
        );
    }

    private static MatrixPlan Port(int id, (MatrixUse Matrix, CodeFormat Format) use, BankCut cut, int[] sites, int hops) =>
        new()
        {
            Id = id,
            Name = use.Matrix.PortName,
            Role = use.Matrix.Role,
            Layer = use.Matrix.Layer,
            Inputs = use.Matrix.Inputs,
            Outputs = use.Matrix.Outputs,
            Format = use.Format.Name,
            BankRows = cut.Rows,
            BankColumns = cut.Columns,
            FirstSite = sites.Length > 0 ? sites.Min() : -1,
            Banks = sites.Length,
            Hops = hops,
        };

    /// <summary>Straps for every site of the fabric: input segments, output segments and the reduction tree.</summary>
    /// <remarks>
    /// Banks of one output segment reduce in a binomial tree: bank i hands its sums at level log2(lowest set bit of i) to bank i − that
    /// bit; bank 0 drives the output. Visiting children in level order gives back 0, 1, 2, …: the order in which the reference adds.
    /// </remarks>
    public static SiteStraps[] RouteReductions(PlacedModel placement)
    {
        var straps = new SiteStraps[placement.Plan.Sites];
        Array.Fill(straps, SiteStraps.Empty);
        foreach (var port in placement.Plan.Matrices)
        {
            var sites = placement.SitesOfPort[port.Id];
            for (var output = 0; output < port.OutputSegments; output++)
            {
                for (var input = 0; input < port.InputSegments; input++)
                {
                    var lowest = input & -input;
                    var partner = input == 0 ? -1 : sites[(output * port.InputSegments) + input - lowest];
                    var level = input == 0 ? 0 : System.Numerics.BitOperations.Log2((uint)lowest);
                    straps[sites[(output * port.InputSegments) + input]] = new SiteStraps(port.Id, input, output, partner, level);
                }
            }
        }

        return straps;
    }

    /// <summary>Position of a site on its die.</summary>
    public static (int Die, int X, int Y) Position(int site, FabricSpec fabric)
    {
        var (die, local) = Math.DivRem(site, fabric.Sites.PerDie);
        return (die, local % fabric.Sites.Columns, local / fabric.Sites.Columns);
    }

    // Ports of one layer lie together; embedding and output each alone.
    private static IEnumerable<IReadOnlyList<int>> Groups(IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> formats)
    {
        var start = 0;
        for (var i = 1; i <= formats.Count; i++)
        {
            if (i < formats.Count && formats[i].Matrix.Layer == formats[start].Matrix.Layer && formats[i].Matrix.Layer >= 0)
                continue;
            yield return [.. Enumerable.Range(start, i - start)];
            start = i;
        }
    }

    private static int Banks(MatrixUse matrix, BankCut cut) => checked((int)LongBanks(matrix, cut));

    private static long LongBanks(MatrixUse matrix, BankCut cut) =>
        ((matrix.Inputs + (long)cut.Rows - 1) / cut.Rows) * ((matrix.Outputs + (long)cut.Columns - 1) / cut.Columns);

    // Every bank takes memory here, also those that no fabric has a site for.
    private static void CheckNumber(ModelGraph graph, FabricSpec fabric, IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> formats)
    {
        var cuts = new Dictionary<(CodeFormat, bool), BankCut>();
        double banks = 0;
        foreach (var (matrix, format) in formats)
        {
            var router = matrix.Role == MatrixRole.Router;
            if (!cuts.TryGetValue((format, router), out var cut))
                cuts[(format, router)] = cut = BankCut.For(fabric.BankFor(router), format);
            banks += LongBanks(matrix, cut);
        }

        if (banks > MaximumBanks)
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{graph.Shape.Name} needs {banks:0} banks of {fabric.Bank.Rows} × {fabric.Bank.Columns} "
                        + $"on fabric {fabric.Name}, more than {MaximumBanks}; take larger banks"
                )
            );
    }

    /// <summary>For each bank [output segment × input segments + input segment] which die of the group it is on.</summary>
    private static int[] Shares(MatrixUse matrix, BankCut cut, int ways)
    {
        var shares = new int[Banks(matrix, cut)];
        if (ways == 1)
            return shares;
        int inputs = (matrix.Inputs + cut.Rows - 1) / cut.Rows,
            outputs = shares.Length / inputs;
        var byInput = matrix.Role.IsCutAlongInputs();
        for (var b = 0; b < shares.Length; b++)
        {
            // Fewer segments than dies: experts and small matrices start on different dies, so that the dies fill evenly.
            var (segment, segments) = byInput ? (b % inputs, inputs) : (b / inputs, outputs);
            shares[b] = segments >= ways ? (int)((long)segment * ways / segments) : (segment + Math.Max(0, matrix.Expert)) % ways;
        }

        return shares;
    }

    // A layer that fits the dies of one group is not torn over two.
    private static void StartOnOneDie(long[] next, ref long groupStart, long[] totals, FabricSpec fabric)
    {
        var perDie = fabric.Sites.PerDie;
        var pipeline = next.Length == 1;
        var used = pipeline ? next[0] % perDie : next.Max();
        var torn = Enumerable.Range(0, next.Length).Any(way => totals[way] + (pipeline ? used : next[way]) > perDie);
        if (fabric.Dies == 1 || !torn || totals.Max() > perDie || used == 0)
            return;
        if (pipeline)
        {
            next[0] += perDie - used;
            return;
        }

        groupStart += (long)perDie * next.Length;
        Array.Clear(next);
    }

    private static int Site(int[] order, FabricSpec fabric, long groupStart, int way, long place)
    {
        var perDie = fabric.Sites.PerDie;
        // Places beyond the die (a layer larger than the group) continue in the next group.
        var (further, local) = Math.DivRem(place, perDie);
        var ways = fabric.System.TensorParallelDies;
        var at = groupStart + (((further * ways) + way) * perDie) + local;
        return at < order.Length ? order[at] : -1;
    }

    private static int[] SiteOrder(FabricSpec fabric)
    {
        var grid = fabric.Sites;
        int tilesX = (grid.Columns + grid.TileColumns - 1) / grid.TileColumns,
            tilesY = (grid.Rows + grid.TileRows - 1) / grid.TileRows;
        var order = new List<int>(grid.PerDie);
        foreach (var (tx, ty) in HilbertOrder.Order(tilesX, tilesY))
            for (var y = ty * grid.TileRows; y < Math.Min(grid.Rows, (ty + 1) * grid.TileRows); y++)
            for (var x = tx * grid.TileColumns; x < Math.Min(grid.Columns, (tx + 1) * grid.TileColumns); x++)
                order.Add((y * grid.Columns) + x);
        return [.. Enumerable.Range(0, fabric.Dies).SelectMany(die => order.Select(s => (die * grid.PerDie) + s))];
    }

    private static (double X, double Y) Centre(int[] sites, FabricSpec fabric)
    {
        double x = 0,
            y = 0;
        var n = 0;
        foreach (var site in sites.Where(s => s >= 0))
        {
            n++;
            var (_, sx, sy) = Position(site, fabric);
            x += sx;
            y += sy;
        }

        return n == 0 ? (0, 0) : (x / n, y / n);
    }

    private static int Hops(int site, double centreX, double centreY, FabricSpec fabric)
    {
        if (site < 0)
            return 0;
        var (_, x, y) = Position(site, fabric);
        return (int)Math.Ceiling((Math.Abs(x - centreX) / fabric.Sites.TileColumns) + (Math.Abs(y - centreY) / fabric.Sites.TileRows));
    }
}
