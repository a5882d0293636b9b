package io.hubwire.devicehttp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockPlanTest {
    @ParameterizedTest
    @CsvSource({"0,10,0,true,0", "1,10,1,true,1", "10,10,1,true,10", "11,10,2,false,1", "20,10,2,false,10"})
    void a_file_is_cut_into_blocks_of_which_the_last_may_be_short(
            long length, int blockBytes, int count, boolean single, int last) {
        BlockPlan plan = BlockPlan.of(length, blockBytes);
        assertThat(plan.count()).isEqualTo(count);
        assertThat(plan.isSingle()).isEqualTo(single);
        assertThat(count == 0 ? 0 : plan.bytesOf(count - 1)).isEqualTo(last);
    }

    @Test
    void a_huge_file_gets_larger_blocks_rather_than_more_than_the_store_takes() {
        BlockPlan plan = BlockPlan.of(1L << 40, 4 << 20);
        assertThat(plan.count()).isLessThanOrEqualTo(50_000);
        assertThat((long) plan.blockBytes() * plan.count()).isGreaterThanOrEqualTo(1L << 40);
    }

    @Test
    void an_id_tells_place_and_content_and_all_have_one_length() {
        byte[] a = new byte[16];
        byte[] b = new byte[16];
        b[0] = 1;
        String id = BlockPlan.id(0, a);
        assertThat(BlockPlan.id(1, a)).isNotEqualTo(id).hasSameSizeAs(id);
        assertThat(BlockPlan.id(0, b)).isNotEqualTo(id).hasSameSizeAs(id);
        assertThat(Base64.getDecoder().decode(id)).hasSizeLessThanOrEqualTo(64);
    }
}
