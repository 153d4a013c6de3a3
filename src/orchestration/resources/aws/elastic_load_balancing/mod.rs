//! `AWS::ElasticLoadBalancing::…`.

mod haproxy;
pub(in crate::resources) mod load_balancer;
