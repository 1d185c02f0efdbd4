using NUnit.Framework;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Runtime.Tests.Kernels;

/// <summary>Everything but the products, on each shape of device against the vector units: bit for bit where the backend keeps the order of
/// sums.</summary>
[TestFixtureSource(typeof(TestBackend), nameof(TestBackend.AllShapes))]
[Category("Kernels")]
public sealed class OperationTests(TestBackend backend)
{
    private static readonly HardwareNumerics Fabric = new()
    {
        ActivationBits = 8,
        AccumulatorBits = 32,
        KvBits = 16,
        VectorPrecision = VectorPrecision.Fp32,
    };

    public static IEnumerable<HardwareNumerics?> AllNumerics =>
        [null, Fabric, Fabric with { KvBits = 8, VectorPrecision = VectorPrecision.Fp16 }, Fabric with { KvBits = 4 }];

    [Test]
    public void Norms_agree([ValueSource(nameof(AllNumerics))] HardwareNumerics? hardware, [Values(1, 7, 64, 129)] int width) =>
        Compare(hardware, 1e-6, kernels =>
        {
            using var x = Results.Upload(kernels, MatMulTests.Vectors(3, width, 1));
            using var weight = Results.Upload(kernels, MatMulTests.Vectors(1, width, 2));
            using var y = kernels.Allocate(3 * width);
            kernels.RmsNorm(x, weight, 1e-5f, 3, width, y);
            return Results.Read(y, 3 * width);
        });

    [Test]
    public void Rotations_agree(
        [ValueSource(nameof(AllNumerics))] HardwareNumerics? hardware,
        [Values(8, 6, 0)] int rotary,
        [Values] bool neox
    ) => Compare(hardware, 1e-6, kernels =>
        {
            using var x = Results.Upload(kernels, MatMulTests.Vectors(2, 24, 1));
            using var angles = Results.Upload(kernels, MatMulTests.Vectors(2, 8, 2));
            kernels.Rope(x, angles, 2, 3, 8, rotary, neox);
            return Results.Read(x, 48);
        });

    [Test]
    public void Slices_agree() => Compare(null, 0, kernels =>
        {
            using var x = Results.Upload(kernels, MatMulTests.Vectors(3, 20, 1));
            using var y = kernels.Allocate(21);
            kernels.Slice(x, 3, 20, 5, 7, y);
            return Results.Read(y, 21);
        });

    [Test]
    public void Products_of_elements_agree([ValueSource(nameof(AllNumerics))] HardwareNumerics? hardware) => Compare(hardware, 0, kernels =>
        {
            using var x = Results.Upload(kernels, MatMulTests.Vectors(3, 7, 1));
            using var y = Results.Upload(kernels, MatMulTests.Vectors(3, 7, 2));
            kernels.Multiply(x, y, 20);
            return Results.Read(x, 21);
        });

    [Test]
    public void Rows_placed_in_columns_leave_the_other_columns() => Compare(null, 0, kernels =>
        {
            using var x = Results.Upload(kernels, MatMulTests.Vectors(3, 7, 1));
            using var y = Results.Upload(kernels, MatMulTests.Vectors(3, 20, 2));
            using var part = kernels.Allocate(21);
            kernels.Place(x, 3, 7, y, 5, 20);
            kernels.Slice(y, 3, 20, 5, 7, part);
            Assert.That(Results.Read(part, 21), Is.EqualTo(MatMulTests.Vectors(3, 7, 1)));
            return Results.Read(y, 60);
        });

    [Test]
    public void Rows_are_copied_where_they_are_sent_and_nothing_else_is_touched()
    {
        int[] from = [2, 0, 2],
            to = [1, 3, 0];
        Compare(null, 0, kernels =>
        {
            using var x = Results.Upload(kernels, MatMulTests.Vectors(3, 20, 1));
            using var y = kernels.Allocate(100);
            kernels.CopyRows(x, from, y, to, 20);
            var copied = Results.Read(y, 100);
            var source = Results.Read(x, 60);
            Assert.That(
                copied,
                Is.EqualTo((float[])[.. source[40..], .. source[40..], .. new float[20], .. source[..20], .. new float[20]])
            );
            return copied;
        });
    }

    [Test]
    public void Gates_agree([ValueSource(nameof(AllNumerics))] HardwareNumerics? hardware, [Values] GateActivation activation) =>
        Compare(hardware, 4e-6, kernels =>
        {
            using var gate = Results.Upload(kernels, MatMulTests.Vectors(4, 97, 3));
            using var up = Results.Upload(kernels, MatMulTests.Vectors(4, 97, 4));
            kernels.Gate(activation, gate, up, 4 * 97);
            return Results.Read(gate, 4 * 97);
        });

    [Test]
    public void Element_operations_agree([ValueSource(nameof(AllNumerics))] HardwareNumerics? hardware) =>
        Compare(hardware, 4e-6, kernels =>
        {
            using var x = Results.Upload(kernels, MatMulTests.Vectors(3, 33, 3));
            using var y = Results.Upload(kernels, MatMulTests.Vectors(3, 33, 4));
            using var bias = Results.Upload(kernels, MatMulTests.Vectors(1, 33, 5));
            kernels.Add(x, y, 99);
            kernels.AddBias(x, bias, 3, 33);
            kernels.Weigh(x, bias, 3, 33);
            kernels.ScaleRows(x, [0.3f, 1, -1.7f], 33);
            kernels.SoftCap(x, 6, 99);
            return Results.Read(x, 99);
        });

    [Test]
    public void Embeddings_agree(
        [ValueSource(nameof(AllNumerics))] HardwareNumerics? hardware,
        [Values("q8_0", "q4_k", "rom4", "f16")] string name
    )
    {
        using var table = new PanelMatrix(CodeFormats.Named(name), 512, outputs: 37, segments: 2, seed: 2);
        Compare(hardware, 0, kernels =>
        {
            using var matrix = kernels.Bind(table.Banked);
            using var y = kernels.Allocate(3 * 512);
            kernels.Embed(matrix, [0, 36, 17], 2.5f, y);
            return Results.Read(y, 3 * 512);
        });
    }

    [Test]
    [Pairwise]
    public void Attentions_agree(
        [ValueSource(nameof(AllNumerics))] HardwareNumerics? hardware,
        [Values(0, 3)] int window,
        [Values] bool scaleQuery,
        [Values(0f, 4f)] float cap,
        [Values] bool sinks
    ) => Compare(hardware, 2e-3, kernels =>
        {
            using var sink = Results.Upload(kernels, [0.5f, -1, 2, 0]);
            using var cache = kernels.AllocateCache(2, 2 * 8, 2 * 6, 2, 20);
            var shape = Shape(scaleQuery) with { Window = window, SoftCap = cap, Sinks = sinks ? sink : null };
            var results = new List<float>();
            var position = 0;
            foreach (var rows in (int[])[3, 1, 14])
            {
                using var k = Results.Upload(kernels, MatMulTests.Vectors(rows, 16, 10 + position));
                using var v = Results.Upload(kernels, MatMulTests.Vectors(rows, 12, 40 + position));
                using var q = Results.Upload(kernels, MatMulTests.Vectors(rows, 32, 70 + position));
                using var y = kernels.Allocate(rows * 24);
                kernels.StoreKv(cache, 1, position, rows, k, v);
                kernels.Attention(cache, shape, 1, position, rows, q, y);
                results.AddRange(Results.Read(y, rows * 24));
                position += rows;
            }

            return [.. results];
        });

    [Test]
    public void Attentions_in_chunks_agree([ValueSource(nameof(AllNumerics))] HardwareNumerics? hardware) =>
        Compare(hardware, 2e-3, kernels =>
        {
            using var cache = kernels.AllocateCache(1, 2 * 8, 2 * 6, 2, 20);
            using var k = Results.Upload(kernels, MatMulTests.Vectors(20, 16, 10));
            using var v = Results.Upload(kernels, MatMulTests.Vectors(20, 12, 40));
            using var q = Results.Upload(kernels, MatMulTests.Vectors(13, 32, 70));
            using var y = kernels.Allocate(13 * 24);
            kernels.StoreKv(cache, 0, 0, 20, k, v);
            kernels.Attention(cache, Shape(scaleQuery: false) with { Window = 6, ChunkedWindow = true }, 0, 7, 13, q, y);
            return Results.Read(y, 13 * 24);
        });

    [Test]
    public void Full_attentions_agree([ValueSource(nameof(AllNumerics))] HardwareNumerics? hardware, [Values(1, 5, 19)] int rows) =>
        Compare(hardware, 1e-5, kernels =>
        {
            using var k = Results.Upload(kernels, MatMulTests.Vectors(rows, 16, 1));
            using var v = Results.Upload(kernels, MatMulTests.Vectors(rows, 12, 2));
            using var q = Results.Upload(kernels, MatMulTests.Vectors(rows, 32, 3));
            using var y = kernels.Allocate(rows * 24);
            kernels.FullAttention(Shape(scaleQuery: false), [.. Enumerable.Repeat(rows, rows)], q, k, v, y);
            return Results.Read(y, rows * 24);
        });

    [Test]
    public void A_full_cache_takes_no_more()
    {
        using var kernels = backend.Create(Numerics.Reference, null);
        using var cache = kernels.AllocateCache(1, 4, 4, 1, 16);
        using var k = kernels.Allocate(8);
        Assert.That(() => kernels.StoreKv(cache, 0, 15, 2, k, k), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static AttentionShape Shape(bool scaleQuery) =>
        new()
        {
            Heads = 4,
            KvHeads = 2,
            HeadSize = 8,
            ValueHeadSize = 6,
            Scale = 0.35f,
            ScaleQuery = scaleQuery,
        };

    private void Compare(HardwareNumerics? hardware, double tolerance, Func<IKernelSet, float[]> run)
    {
        var numerics = hardware is null ? Numerics.Reference : Numerics.Hardware;
        using var kernels = backend.Create(numerics, hardware);
        using var reference = new SimdKernels(numerics, hardware, threads: 1);
        var expected = run(reference);
        Assert.That(expected.Any(v => v != 0), "the case computes something");
        Results.AreEqual(
            kernels,
            run(kernels),
            expected,
            hardware is { VectorPrecision: VectorPrecision.Fp16 } ? Math.Max(tolerance, 1e-3) : tolerance,
            kernels.Name
        );
    }
}
