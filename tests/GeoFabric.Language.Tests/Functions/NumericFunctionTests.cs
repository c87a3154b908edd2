namespace GeoFabric.Language.Tests.Functions;

public sealed class NumericFunctionTests
{
    public static TheoryData<string> Numbers { get; } = FunctionCase.Parse("""
        ABS [-5] => 5
        ABS [5.5] => 5.5
        ABS [-9223372036854775808] => 9223372036854775808
        ABS [null] => 0
        ABS ["-3"] => 3
        ABS [[-3]] => 3
        ABS [{}] => 0
        CEIL [-2.5] => -2
        CEIL [2.1] => 3
        CEIL [9223372036854775807] => 9223372036854775807
        CEIL ["1.2"] => 2
        FLOOR [-2.5] => -3
        FLOOR [2.9] => 2
        FLOOR [null] => 0
        ROUND [-2.5] => -2
        ROUND [2.5] => 3
        ROUND [2.4999] => 2
        ROUND [-2.51] => -3
        ROUND [0.49999999999999994] => 0
        ROUND [4503599627370497] => 4503599627370497
        ROUND ["x"] => 0
        SQRT [9] => 3
        SQRT [2] => 1.4142135623730951
        SQRT [-1] => null
        SQRT [null] => 0
        POW [2, 10] => 1024
        POW [0, 0] => 1
        POW [2, -1] => 0.5
        POW [-1, 0.5] => null
        POW [10, 400] => null
        POW [0, -1] => null
        POW ["3", true] => 3
        EXP [0] => 1
        EXP [1] => 2.718281828459045
        EXP [1000] => null
        EXP2 [16] => 65536
        EXP2 [2000] => null
        LOG [1] => 0
        LOG [0] => null
        LOG [-1] => null
        LOG [null] => null
        LOG2 [8] => 3
        LOG2 [0] => null
        LOG10 [10000] => 4
        LOG10 [-10] => null
        SIN [0] => 0
        COS [0] => 1
        TAN [0] => 0
        ASIN [0] => 0
        ASIN [1.1] => null
        ACOS [1] => 0
        ACOS [-1.1] => null
        ATAN [1] => 0.7853981633974483
        ATAN2 [1, 1] => 0.7853981633974483
        ATAN2 [0, -1] => 3.141592653589793
        RADIANS [180] => 3.141592653589793
        DEGREES [0.7853981633974483] => 45
        PI [] => 3.141592653589793
        RANGE [1, 4] => [1,2,3,4]
        RANGE [4, 1] => [4,3,2,1]
        RANGE [1, 1] => [1]
        RANGE [1.9, 3.9] => [1,2,3]
        RANGE [-1.9, 1] => [-1,0,1]
        RANGE [1, 4, 2] => [1,3]
        RANGE [1, 4, 3] => [1,4]
        RANGE [1.5, 2.5, 0.5] => [1.5,2,2.5]
        RANGE [1, -1, -1] => [1,0,-1]
        RANGE [3, 1, -1.5] => [3,1.5]
        RANGE [1, 2, 5] => [1]
        RANGE [2, 2, 1] => [2]
        RANGE [1, 2, null] => [1,2]
        RANGE [1, 1, 0] => null !1542
        RANGE [1, 5, -1] => null !1542
        RANGE [5, 1, 1] => null !1542
        RANGE ["a", 1] => null !1542
        RANGE [1, null] => null !1542
        RANGE [1, 5, "1"] => null !1542
        RANGE [1, 100000000000] => error 1504
        RANGE [0, 1, 1e-300] => error 1504
        RANGE [-9223372036854775808, 9223372036854775807] => error 1504
        """);

    public static TheoryData<string> Statistics { get; } = FunctionCase.Parse("""
        MIN [[5, null, 2]] => 2
        MIN [["a", 3, [], false]] => false
        MIN [[null, null]] => null
        MIN [[]] => null
        MIN [null] => null !1563
        MIN [5] => null !1563
        MAX [[5, 9, 2]] => 9
        MAX [[5, "a", {}, [1]]] => {}
        MAX [["a", "B", "A"]] => "B"
        MAX [[null]] => null
        MAX [{}] => null !1563
        MAX [[9007199254740992, 9007199254740993]] => 9007199254740993
        SUM [[1, 2, null, 3]] => 6
        SUM [[]] => 0
        SUM [[null]] => 0
        SUM [[1.5, 2]] => 3.5
        SUM [[9223372036854775807, 1]] => 9223372036854775808
        SUM [[9007199254740993, 1]] => 9007199254740994
        SUM [[1e308, 1e308]] => null
        SUM [[1, "2"]] => null !1542
        SUM [[1, []]] => null !1542
        SUM ["1"] => null !1563
        SUM [null] => null !1563
        PRODUCT [[1, 2, null, 3]] => 6
        PRODUCT [[]] => 1
        PRODUCT [[4294967296, 4294967296]] => 18446744073709551616
        PRODUCT [[1, true]] => null !1542
        PRODUCT [{}] => null !1563
        AVERAGE [[1, 2, 6, null]] => 3
        AVERAGE [[1, 2]] => 1.5
        AVERAGE [[]] => null
        AVERAGE [[null]] => null
        AVERAGE [["a"]] => null !1561
        AVERAGE [1] => null !1563
        AVG [[2, 4]] => 3
        MEDIAN [[7, 1, 3]] => 3
        MEDIAN [[1, 2, 3, 4]] => 2.5
        MEDIAN [[3, null, 1]] => 2
        MEDIAN [[]] => null
        MEDIAN [[9007199254740993]] => 9007199254740993
        MEDIAN [[1, "a"]] => null !1561
        MEDIAN ["a"] => null !1563
        PERCENTILE [[1, 2, 3, 4], 50] => 2
        PERCENTILE [[1, 2, 3, 4], 50, "rank"] => 2
        PERCENTILE [[1, 2, 3, 4], 50, "interpolation"] => 2.5
        PERCENTILE [[4, 2, 3, 1], 51] => 3
        PERCENTILE [[1, 2, 3, 4], 100] => 4
        PERCENTILE [[1, 2, 3, 4], 0] => null
        PERCENTILE [[1, 2, 3, 4], 1, "interpolation"] => 1
        PERCENTILE [[1, 2, 3, 4], 99, "interpolation"] => 4
        PERCENTILE [[1, 2, 3, 4, 5], 30, "interpolation"] => 1.8
        PERCENTILE [[null, 7, null], 50] => 7
        PERCENTILE [[], 50] => null
        PERCENTILE [[1], -1] => null !1542
        PERCENTILE [[1], 101] => null !1542
        PERCENTILE [[1], "50"] => null !1542
        PERCENTILE [[1], 50, "median"] => null !1542
        PERCENTILE [[1], 50, 3] => null !1542
        PERCENTILE [["a"], 50] => null !1561
        PERCENTILE [null, 50] => null !1563
        VARIANCE_POPULATION [[1, 3, 6, 5, 2]] => 3.4400000000000004
        VARIANCE_POPULATION [[null, 2, 4]] => 1
        VARIANCE_POPULATION [[5]] => 0
        VARIANCE_POPULATION [[]] => null
        VARIANCE_POPULATION [["a"]] => null !1561
        VARIANCE_POPULATION [1] => null !1563
        VARIANCE [[1000000000, 1000000002]] => 1
        VARIANCE_SAMPLE [[2, 4]] => 2
        VARIANCE_SAMPLE [[2]] => null
        VARIANCE_SAMPLE [[]] => null
        VARIANCE_SAMPLE [[[]]] => null !1561
        VARIANCE_SAMPLE [null] => null !1563
        STDDEV_POPULATION [[2, 4]] => 1
        STDDEV_POPULATION [[]] => null
        STDDEV_POPULATION [{}] => null !1563
        STDDEV [[1, 5]] => 2
        STDDEV [[false]] => null !1561
        STDDEV_SAMPLE [[1, 3, 5]] => 2
        STDDEV_SAMPLE [[1]] => null
        STDDEV_SAMPLE [""] => null !1563
        """);

    public static TheoryData<string> Bits { get; } = FunctionCase.Parse("""
        BIT_AND [[1, 4, 8, 16]] => 0
        BIT_AND [[3, 7, 63]] => 3
        BIT_AND [255, 257] => 1
        BIT_AND [[null, 7]] => 7
        BIT_AND [[null]] => null
        BIT_AND [[]] => null
        BIT_AND [7] => null !1542
        BIT_AND [7, null] => null !1542
        BIT_AND [[1, -1]] => null !1542
        BIT_AND [[1, 1.5]] => null !1542
        BIT_AND [[1, "1"]] => null !1542
        BIT_AND [4294967296, 1] => null !1542
        BIT_OR [[1, 4, 8, 16]] => 29
        BIT_OR [127, 3] => 127
        BIT_OR [4294967295, 1] => 4294967295
        BIT_OR [null] => null !1542
        BIT_XOR [[1, 4, 8, 16]] => 29
        BIT_XOR [[3, 7, 63]] => 59
        BIT_XOR [255, 256] => 511
        BIT_NEGATE [0, 8] => 255
        BIT_NEGATE [0, 10] => 1023
        BIT_NEGATE [3, 4] => 12
        BIT_NEGATE [446359921, 32] => 3848607374
        BIT_NEGATE [5, 0] => 0
        BIT_NEGATE [5, 33] => null !1542
        BIT_NEGATE [-1, 8] => null !1542
        BIT_SHIFT_LEFT [0, 1, 8] => 0
        BIT_SHIFT_LEFT [7, 1, 16] => 14
        BIT_SHIFT_LEFT [2, 10, 16] => 2048
        BIT_SHIFT_LEFT [878836, 16, 32] => 1760821248
        BIT_SHIFT_LEFT [1, 32, 32] => 0
        BIT_SHIFT_LEFT [1, 33, 32] => null !1542
        BIT_SHIFT_RIGHT [0, 1, 8] => 0
        BIT_SHIFT_RIGHT [33, 1, 16] => 16
        BIT_SHIFT_RIGHT [65536, 13, 16] => 8
        BIT_SHIFT_RIGHT [878836, 4, 32] => 54927
        BIT_SHIFT_RIGHT [1, "1", 8] => null !1542
        BIT_TEST [0, 3] => false
        BIT_TEST [255, 0] => true
        BIT_TEST [7, 2] => true
        BIT_TEST [255, 8] => false
        BIT_TEST [4294967295, 31] => true
        BIT_TEST [1, 32] => null !1542
        BIT_TEST [1, -1] => null !1542
        BIT_POPCOUNT [0] => 0
        BIT_POPCOUNT [255] => 8
        BIT_POPCOUNT [69399252] => 12
        BIT_POPCOUNT ["foo"] => null !1542
        BIT_CONSTRUCT [[1, 2, 3]] => 14
        BIT_CONSTRUCT [[0, 4, 8]] => 273
        BIT_CONSTRUCT [[0, 1, 10, 31]] => 2147484675
        BIT_CONSTRUCT [[]] => 0
        BIT_CONSTRUCT [[32]] => null !1542
        BIT_CONSTRUCT [1] => null !1542
        BIT_DECONSTRUCT [14] => [1,2,3]
        BIT_DECONSTRUCT [2147484675] => [0,1,10,31]
        BIT_DECONSTRUCT [0] => []
        BIT_DECONSTRUCT [null] => null !1542
        BIT_TO_STRING [7, 4] => "0111"
        BIT_TO_STRING [255, 8] => "11111111"
        BIT_TO_STRING [60, 8] => "00111100"
        BIT_TO_STRING [1, 0] => ""
        BIT_TO_STRING [1, 33] => null !1542
        BIT_FROM_STRING ["0111"] => 7
        BIT_FROM_STRING ["000000000000010"] => 2
        BIT_FROM_STRING ["11101111111111111111111111111111"] => 4026531839
        BIT_FROM_STRING ["0b11"] => null !1542
        BIT_FROM_STRING ["111111111111111111111111111111111"] => null !1542
        BIT_FROM_STRING [101] => null !1542
        """);

    public static TheoryData<string> Vectors { get; } = FunctionCase.Parse("""
        COSINE_SIMILARITY [[0, 1], [1, 0]] => 0
        COSINE_SIMILARITY [[1, 0], [2, 0]] => 1
        COSINE_SIMILARITY [[[0, 1], [1, 0]], [1, 0]] => [0,1]
        COSINE_SIMILARITY [[0, 0], [1, 0]] => null !1542
        COSINE_SIMILARITY [[1], [1, 2]] => null !1542
        COSINE_SIMILARITY ["a", [1, 2]] => null !1542
        COSINE_SIMILARITY [[1, "a"], [1, 2]] => null !1542
        COSINE_SIM [[3, 4], [4, 3]] => 0.96
        L1_DISTANCE [[1, 1], [5, 2]] => 5
        L1_DISTANCE [[1.5], [3]] => 1.5
        L1_DISTANCE [[[1, 2], [3, 3]], [1, 1]] => [1,4]
        L1_DISTANCE [[1], [[1], [2, 3]]] => null !1542
        L1_DISTANCE [null, []] => null !1542
        L2_DISTANCE [[1, 1], [5, 4]] => 5
        L2_DISTANCE [[0, 0], [[3, 4], [0, 1]]] => [5,1]
        L2_DISTANCE [[[1]], [[1]]] => null !1542
        L2_DISTANCE [[], []] => 0
        L2 [[0], [7]] => 7
        DOT_PRODUCT [[1, 2], [3, 4]] => 11
        DOT_PRODUCT [[1], 2] => null !1542
        VECTOR_ADD [[1, 2], [3, 4]] => [4,6]
        VECTOR_ADD [[1, 2], 10] => [11,12]
        VECTOR_ADD [[1, 2], [3, 4], [5, 6], 10] => [19,22]
        VECTOR_ADD [[1, 2], [3]] => null !1542
        VECTOR_ADD [[1, 2], [3, 4], [5]] => null !1542
        VECTOR_ADD [1, 2] => null !1542
        VECTOR_SUBTRACT [[5, 7], [1, 2]] => [4,5]
        VECTOR_SUBTRACT [[5, null], [1, 2]] => null !1542
        VECTOR_MULTIPLY [[2, 3], [4, 5]] => [8,15]
        VECTOR_MULTIPLY [[2, 3], 0.5] => [1,1.5]
        VECTOR_DIVIDE [[4, 9], [2, 3]] => [2,3]
        VECTOR_DIVIDE [[4, 9], 2] => [2,4.5]
        VECTOR_DIVIDE [[4, 9], [2, 0]] => null !1562
        VECTOR_DIVIDE [[4], 0] => null !1562
        VECTOR_DIVIDE [[4], "x"] => null !1542
        VECTOR_NORMALIZE [[3, 4]] => [0.6,0.8]
        VECTOR_NORMALIZE [[0, 0]] => null !1562
        VECTOR_NORMALIZE ["x"] => null !1542
        DECAY_GAUSS [41, 40, 5, 5, 0.5] => 1
        DECAY_GAUSS [20, 40, 20, 0, 0.5] => 0.5
        DECAY_GAUSS [[40, 60], 40, 20, 0, 0.5] => [1,0.5]
        DECAY_GAUSS [1, 0, 0, 0, 0.5] => null !1504
        DECAY_GAUSS [1, 0, 1, -1, 0.5] => null !1504
        DECAY_GAUSS [1, 0, 1, 0, 1] => null !1504
        DECAY_GAUSS ["1", 0, 1, 0, 0.5] => null !1542
        DECAY_EXP [41, 40, 5, 5, 0.7] => 1
        DECAY_EXP [2, 0, 10, 0, 0.2] => 0.7247796636776955
        DECAY_EXP [[1, "a"], 0, 1, 0, 0.5] => null !1542
        DECAY_EXP [1, null, 1, 0, 0.5] => null !1542
        DECAY_LINEAR [5, 0, 10, 0, 0.2] => 0.6
        DECAY_LINEAR [41, 40, 5, 5, 0.5] => 1
        DECAY_LINEAR [9.8, 0, 10, 0, 0.2] => 0.21599999999999994
        DECAY_LINEAR [1000, 0, 10, 0, 0.2] => 0
        DECAY_LINEAR [[5, 10], 0, 10, 0, 0.5] => [0.75,0.5]
        """);

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Numeric_functions_answer_as_the_table_says(string line) => FunctionCase.Run(line);

    [Theory]
    [MemberData(nameof(Statistics))]
    public void Statistics_answer_as_the_table_says(string line) => FunctionCase.Run(line);

    [Theory]
    [MemberData(nameof(Bits))]
    public void Bit_functions_answer_as_the_table_says(string line) => FunctionCase.Run(line);

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Vector_and_decay_functions_answer_as_the_table_says(string line) => FunctionCase.Run(line);

    [Fact]
    public void Random_numbers_lie_between_0_and_1_and_differ()
    {
        var context = new FunctionTestContext();
        var numbers = new HashSet<double>();

        for (var i = 0; i < 1000; i++)
            numbers.Add(FunctionCase.Call(context, i % 2 == 0 ? "RAND" : "RANDOM", "[]").Number);

        Assert.Equal(1000, numbers.Count);
        Assert.All(numbers, number => Assert.True(number is > 0 and < 1));
    }
}
